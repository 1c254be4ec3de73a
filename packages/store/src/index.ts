export type { Done, Store, StoreCursor, StoreRange, StoreRecord, StoreSnapshot, StoreWrite } from './store.js';
