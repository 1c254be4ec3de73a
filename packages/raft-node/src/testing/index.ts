export { NodeCore, type NodeCoreDeps } from '../node-core.js';
export type { NodeEffects } from '../node-effects.js';
export { type ResolvedOptions, resolveOptions } from '../options.js';
export { prepareStart, type StartState } from '../start-state.js';
export { ListDisk, ListMachine, type ListSnapshot } from './list-machine.js';
export { MemoryDisk, MemoryLog, type MemoryLogOptions } from './memory-log.js';
export { type TransportCase, type TransportCluster, type TransportHarness, transportCases } from './transport-suite.js';
export { type Outcome, VirtualCluster, type VirtualClusterOptions, VirtualMember } from './virtual-cluster.js';
export { VirtualTime } from './virtual-time.js';
