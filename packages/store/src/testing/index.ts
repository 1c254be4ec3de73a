export { completed, readAll, readRange, writeBatch } from './callbacks.js';
export { type Dispatch, runNow, StepQueue } from './dispatch.js';
export { MemoryMedium } from './memory-medium.js';
export { MemoryStore, type MemoryStoreDeps } from './memory-store.js';
export { type StoreCase, storeCases } from './store-cases.js';
