export { type Config, resolveConfig } from './config/config.js';
export { ConfigError } from './config/config-error.js';
export { parseCommandLine } from './config/flags.js';
export { RemovedError } from './open-member.js';
export { type RunningServer, type ServerEnd, startServer } from './server.js';
export { createLogger, type Logger } from './telemetry/logger.js';
