export { lookAround, type Surroundings } from './bootstrap/surroundings.js';
export { type Config, resolveConfig } from './config/config.js';
export { ConfigError } from './config/config-error.js';
export { parseCommandLine } from './config/flags.js';
export { inspectSurvivor, recoverSurvivor, type Survivor } from './recovery/survivor.js';
export type { ForcedCluster } from './recovery/force-new-cluster.js';
export { RemovedError, type RunningServer, type ServerEnd, startServer } from './server.js';
export { type HostedStandbys, type HostedStandbysOptions, hostStandbys } from './standby/host-standbys.js';
export { createLogger, type Logger } from './telemetry/logger.js';
