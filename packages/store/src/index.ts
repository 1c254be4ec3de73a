export { compareBytes } from './compare-bytes.js';
export { crc32c } from './crc32c.js';
export { findLogFault } from './level-files/verify.js';
export type { LevelStoreOptions } from './level-options.js';
export { lockLevel } from './level-lock.js';
export { type LevelStore, openLevelStore } from './level-store.js';
export type {
  Done,
  Store,
  StoreBatch,
  StoreCursor,
  StoreRange,
  StoreRecord,
  StoreSnapshot,
  StoreWrite,
} from './store.js';
export { StoreError, type StoreErrorCode } from './store-error.js';
