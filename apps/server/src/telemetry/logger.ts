/** The process's log: JSON lines for machines, or short coloured lines for a terminal. */
import pino from 'pino';
import pretty from 'pino-pretty';
import { formatId } from '../bootstrap/member-id.js';
import type { LogLevel } from '../config/config.js';

export type Logger = pino.Logger;

export function createLogger(name: string, level: LogLevel, format: 'json' | 'pretty'): Logger {
  const options: pino.LoggerOptions = { level, base: { member: name }, timestamp: pino.stdTimeFunctions.isoTime };
  // Both destinations are synchronous: the last lines before a fatal exit are the ones that matter most.
  if (format === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  const colorize = process.env['NO_COLOR'] === undefined && process.stderr.isTTY === true;
  return pino(
    options,
    pretty({
      destination: 2,
      sync: true,
      colorize,
      singleLine: true,
      ignore: 'pid,hostname,member',
      translateTime: 'SYS:HH:MM:ss.l',
    }),
  );
}

type Fields = Readonly<Record<string, unknown>>;
type LibraryLogger = Record<'debug' | 'info' | 'warn' | 'error', (message: string, fields?: Fields) => void>;

/** Fields of the libraries that hold a member's id. */
const ID_FIELDS: ReadonlySet<string> = new Set(['leader', 'peer', 'to', 'from', 'member', 'id', 'target']);

/** By raft-core's StateType. */
const ROLES: readonly string[] = ['follower', 'candidate', 'leader', 'pre-candidate'];

/** raft-node and the transport log a message, then fields, with ids as numbers; here ids are printed as everywhere. */
export function libraryLogger(logger: Logger): LibraryLogger {
  const at =
    (level: keyof LibraryLogger) =>
    (message: string, fields: Fields = {}): void =>
      logger[level](
        Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, printable(name, value)])),
        message,
      );
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function printable(name: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (name === 'state') return ROLES[value] ?? value;
  return ID_FIELDS.has(name) ? formatId(value) : value;
}
