/** The process's log: JSON lines for machines, or short coloured lines for a terminal. */
import pino from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from '../config/config.js';

export type Logger = pino.Logger;

export function createLogger(name: string, level: LogLevel, format: 'json' | 'pretty'): Logger {
  const options: pino.LoggerOptions = { level, base: { member: name }, timestamp: pino.stdTimeFunctions.isoTime };
  // Both destinations are synchronous: the last lines before a fatal exit are the ones that matter most.
  if (format === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  const colorize = process.env['NO_COLOR'] === undefined && process.stderr.isTTY === true;
  return pino(
    options,
    pretty({ destination: 2, sync: true, colorize, ignore: 'pid,hostname,member', translateTime: 'SYS:HH:MM:ss.l' }),
  );
}
