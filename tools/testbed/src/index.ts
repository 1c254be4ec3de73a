export { expectSafe } from './expect-safe.js';
export { freePorts } from './free-ports.js';
export { type LinkedMember, Links } from './links.js';
export { type Exit, ServerProcess } from './server-process.js';
export { slowness, timed } from './slowness.js';
export {
  type MemberStatus,
  SERVER_BIN,
  type ServerKind,
  TestCluster,
  type TestClusterOptions,
  type TestMember,
} from './test-cluster.js';
export { waitUntil } from './wait-until.js';
