export {
  describeConfig,
  describeConfState,
  describeEntries,
  describeEntry,
  describeHardState,
  describeMessage,
  describeProgress,
  describeReady,
  describeSnapshot,
  describeState,
  messageTypeName,
} from './describe.js';
export { bootstrappedLog, MemoryLog } from './memory-log.js';
