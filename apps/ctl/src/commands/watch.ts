// watch: prints every change of a key or range until it is interrupted, and runs a program for each, where one is given
// after `--`.
import { spawn } from 'node:child_process';
import { ClientError, type WatchEvent, type WatchUpdate } from '@understudy/client';
import { EventType, type KeyValue } from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs, CtlError, describeError, ExitCode } from '../exit-code.js';
import { lineWriter } from '../io.js';
import { integerFlag } from '../number-argument.js';
import { quoted } from '../output/byte-text.js';
import type { WatchPrint } from '../output/printer.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';

interface WatchFlags {
  prefix?: boolean;
  prevKv?: boolean;
  rev: number;
  progressNotify?: boolean;
}

export function addWatchCommand(program: Command, context: RunContext): void {
  const command = program.command('watch').description('print changes of a key, or of a range of keys, as they happen');
  command
    .argument('[words...]')
    .usage('[options] <key> [range_end] [-- program arguments...]')
    .option('--prefix', 'all keys with the prefix <key>')
    .option('--prev-kv', 'print the version before, too')
    .option('--rev <revision>', 'begin with this revision', integerFlag('rev'), 0)
    .option('--progress-notify', 'also print answers without events, now and then')
    .addHelpText('after', EXEC_HELP);
  command.action(async (words: string[], flags: WatchFlags) => {
    const range = watchRange(words, flags);
    await withClient(context, command, (scope) => watch(context, scope, range, flags));
  });
}

const EXEC_HELP = `
A program after -- is run for each event, with UNDERSTUDY_WATCH_REVISION, UNDERSTUDY_WATCH_EVENT_TYPE,
UNDERSTUDY_WATCH_KEY and UNDERSTUDY_WATCH_VALUE in its environment (and the same as ETCD_WATCH_*).
`;

type WatchRange = { key: string } | { prefix: string } | { from: string; to: string };

function watchRange(words: readonly string[], { prefix }: WatchFlags): WatchRange {
  const [key, to] = words;
  if (key === undefined || words.length > 2) throw badArgs('bad number of arguments');
  if (prefix === true && to !== undefined) throw badArgs('`range_end` and `--prefix` are mutually exclusive');
  if (prefix === true) return { prefix: key };
  return to === undefined ? { key } : { from: key, to };
}

async function watch(context: RunContext, scope: CommandScope, range: WatchRange, flags: WatchFlags): Promise<void> {
  const { client, printer } = scope;
  const watcher = client.watch(range, {
    startRevision: flags.rev,
    prevKv: flags.prevKv ?? false,
    progress: flags.progressNotify ?? false,
    signal: context.io.interrupted,
  });
  try {
    for await (const update of watcher.updates()) {
      if (context.execWords.length === 0) {
        printer.watch(printable(update));
        continue;
      }
      for (const event of update.events) {
        printer.watch(printable({ header: update.header, events: [event] }));
        await runProgram(context, update, event);
      }
    }
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'DEADLINE_EXCEEDED') throw error;
    lineWriter(context.io.stderr)(`watch was canceled (${describeError(error)})`);
    const { compactRevision = 0 } = error;
    // Only JSON prints an answer that has no events.
    const header = { clusterId: 0, memberId: 0, revision: 0, raftTerm: 0 };
    printer.watch({ header, events: [], compactRevision, canceled: true });
    throw new CtlError(ExitCode.interrupted, 'watch is canceled by the server', { cause: error });
  }
}

function printable({ header, events }: WatchUpdate): WatchPrint {
  const list = events.map(({ type, kv, prevKv }) => ({
    type: type === 'delete' ? EventType.DELETE : EventType.PUT,
    kv: kv as KeyValue,
    prevKv: prevKv as KeyValue | undefined,
  }));
  return { header, events: list, compactRevision: 0, canceled: false };
}

// Events wait for the program: the next one is printed when it has ended.
async function runProgram({ execWords, io }: RunContext, update: WatchUpdate, { type, kv }: WatchEvent): Promise<void> {
  const [program, ...args] = execWords as [string, ...string[]];
  const values = {
    REVISION: String(update.header.revision),
    EVENT_TYPE: quoted(Buffer.from(type === 'delete' ? 'DELETE' : 'PUT')),
    KEY: quoted(kv.key),
    VALUE: quoted(kv.value),
  };
  const env: Record<string, string | undefined> = { ...io.env };
  for (const [name, value] of Object.entries(values)) {
    env[`UNDERSTUDY_WATCH_${name}`] = value;
    env[`ETCD_WATCH_${name}`] = value;
  }
  const failure = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program, args, { env, stdio: ['inherit', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => io.stdout(chunk));
    child.stderr.on('data', (chunk: Buffer) => io.stderr(chunk));
    child.once('error', (error) => resolve(describeSpawn(program, error)));
    child.once('close', (code, signal) => {
      resolve(code === 0 ? undefined : signal === null ? `exit status ${code}` : `signal: ${signal}`);
    });
  });
  if (failure === undefined) return;
  // No `Error:` before it, as in etcdctl.
  throw new CtlError(ExitCode.error, `command ${JSON.stringify(execWords)} error (${failure})`, { cause: 'program' });
}

function describeSpawn(program: string, error: Error): string {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return missing ? `exec: ${JSON.stringify(program)}: executable file not found in $PATH` : error.message;
}
