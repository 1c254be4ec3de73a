/**
 * The executable: flags in, a server until it is told to stop. Exit codes: 0 for a clean stop, and for a member that
 * was removed; 1 for anything that went wrong. A configuration that cannot be used is one line on stderr.
 */
import { setFlagsFromString } from 'node:v8';
import { lookAround } from './bootstrap/surroundings.js';
import { ConfigError } from './config/config-error.js';
import { resolveConfig } from './config/config.js';
import { parseCommandLine, TRACE_VARIABLE } from './config/command-line.js';
import { RemovedError, startServer } from './server.js';
import { ExpelledError } from './modes/peer-mode.js';
import { DiskFullError } from './recovery/ballast.js';
import { createLogger } from './telemetry/logger.js';
import { SERVER_VERSION } from './version.js';

/**
 * How far the heap may grow before all of it is collected, times what was alive then. Much of what a member allocates
 * lives just long enough to be promoted and then dies: entries, frames, records. Left alone, V8 decides by how busy the
 * process is: under few writes it collects every few seconds, each time with threads that take the processors from the
 * commits, and under many it lets the heap double. Measured: at 30 %, the slowest hundredth of 1,000 puts a second takes
 * half as long again (16 ms, not 11); at 100 %, a leader takes 25 MB more after 200,000 puts.
 */
setFlagsFromString('--heap-growing-percent=60');

async function main(): Promise<number> {
  const parsed = parseCommandLine(process.argv.slice(2), process.env, SERVER_VERSION);
  if (parsed.kind === 'done') return parsed.exitCode;
  const config = resolveConfig(parsed.flags, process.stderr.isTTY === true, await lookAround(parsed.flags));
  const logger = createLogger(config.name, config.logLevel, config.logFormat);
  if (parsed.unknownVariables.length > 0) {
    logger.warn({ variables: parsed.unknownVariables }, 'environment variables that belong to no flag');
  }
  if (parsed.etcdVariables.length > 0) {
    const text = "environment variables of etcd's, which are not read: here their names begin with UNDERSTUDY_";
    logger.warn({ variables: parsed.etcdVariables }, text);
  }
  // The process ends all the same; where the log goes, its reader learns why.
  process.on('uncaughtExceptionMonitor', (error) => logger.fatal({ err: error }, 'an error that nobody handled'));
  const server = await startServer({ logger }, config);
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      logger.warn({ signal }, 'stopping at once');
      process.exit(1);
    }
    stopping = true;
    logger.info({ signal }, 'stopping');
    void server.stop();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const end = await server.ended;
  const explained = end.kind === 'failed' && (end.error instanceof DiskFullError || end.error instanceof ExpelledError);
  if (explained) logger.fatal((end.error as Error).message);
  else if (end.kind === 'failed') {
    logger.fatal({ err: end.error }, 'the server stops: the outcome of its work is unknown');
  } else logger.info(end.reason);
  return end.kind === 'failed' ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`understudy: ${text}\n`);
  if (!(error instanceof ConfigError) && error instanceof Error && process.env[TRACE_VARIABLE] !== undefined) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.exitCode = error instanceof RemovedError ? 0 : 1;
}
// Nothing is left to wait for; a handle that somebody forgot must not keep the process.
process.exit();
