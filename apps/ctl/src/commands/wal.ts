// wal verify and dump: what the log of a stopped member holds, and whether it is whole. They read a copy and change
// nothing; a member that runs is refused.
import { join } from 'node:path';
import type { LoggedEntry, LogReport } from '@understudy/wal-level';
import type { Command } from 'commander';
import { CtlError, ExitCode } from '../exit-code.js';
import { resolveGlobalFlags } from '../global-flags.js';
import { lineWriter } from '../io.js';
import { integerFlag } from '../number-argument.js';
import { hexEscaped, quoted } from '../output/byte-text.js';
import type { RunContext } from '../run-context.js';
import { commandGroup } from './command-group.js';
import { reportJson, reportLines } from './wal-report.js';

export function addWalCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'wal', 'look at the log of a member that does not run');
  addVerify(group, context);
  addDump(group, context);
}

function addVerify(group: Command, context: RunContext): void {
  const command = group
    .command('verify')
    .description('check every record of the log; exit code 1 where it is damaged')
    .argument('<data-dir>', 'the --data-dir of the member');
  command.action(async (dataDir: string) => {
    const format = formatOf(command, context);
    const report = await inspect(dataDir);
    const line = lineWriter(context.io.stdout);
    if (format === 'json') line(JSON.stringify(reportJson(report)));
    else for (const text of reportLines(walOf(dataDir), report)) line(text);
    if (!healthy(report)) context.exitCode = ExitCode.error;
  });
}

interface DumpFlags {
  readonly from: number;
  readonly to: number;
  readonly data?: boolean;
}

function addDump(group: Command, context: RunContext): void {
  const command = group
    .command('dump')
    .description('print the entries of the log that pass their checks; exit code 1 where it is damaged')
    .argument('<data-dir>', 'the --data-dir of the member')
    .option('--from <index>', 'the first index to print', integerFlag('from'), 0)
    .option('--to <index>', 'the last index to print', integerFlag('to'), Number.MAX_SAFE_INTEGER)
    .option('--data', 'the data of entries too');
  command.action(async (dataDir: string, flags: DumpFlags) => {
    const json = formatOf(command, context) === 'json';
    const line = lineWriter(context.io.stdout);
    const { hex } = resolveGlobalFlags(command, context.io.env);
    const report = await inspect(dataDir, (entry) => {
      if (entry.index < flags.from || entry.index > flags.to) return;
      if (json) line(JSON.stringify(entryJson(entry, flags.data === true)));
      else line(entryLine(entry, flags.data === true, hex));
    });
    if (healthy(report)) return;
    const [, verdict = ''] = reportLines(walOf(dataDir), report);
    throw new CtlError(ExitCode.error, `${verdict}; "wal verify" says more`);
  });
}

function entryJson({ data, ...entry }: LoggedEntry, withData: boolean): object {
  const whole = { ...entry, bytes: data.length };
  return withData ? { ...whole, data: Buffer.from(data).toString('base64') } : whole;
}

function entryLine({ index, term, type, data }: LoggedEntry, withData: boolean, hex: boolean): string {
  const text = `index ${index}, term ${term}, ${type}, ${data.length} bytes`;
  return withData && data.length > 0 ? `${text}: ${hex ? hexEscaped(data) : quoted(data)}` : text;
}

function healthy(report: LogReport): boolean {
  return report.damage === null && report.identityFault === null && report.verdict !== 'new';
}

async function inspect(dataDir: string, onEntry?: (entry: LoggedEntry) => void): Promise<LogReport> {
  // Here and not above: a database that no other command needs.
  const { inspectLog } = await import('@understudy/wal-level');
  try {
    return await inspectLog(walOf(dataDir), onEntry === undefined ? {} : { onEntry });
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    throw new CtlError(code === 'io' ? ExitCode.io : ExitCode.error, message, { cause });
  }
}

function walOf(dataDir: string): string {
  return join(dataDir, 'member', 'wal');
}

function formatOf(command: Command, context: RunContext): 'simple' | 'json' {
  const { writeOut } = resolveGlobalFlags(command, context.io.env);
  if (writeOut === 'simple' || writeOut === 'json') return writeOut;
  throw new CtlError(ExitCode.badFeature, 'unsupported output format');
}
