// watch: prints every change of a key or range until it is interrupted, and runs a program for each, where one is given
// after `--`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { ClientError, type WatchEvent, type WatchUpdate } from '@understudy/client';
import { EventType, type KeyValue } from '@understudy/protocol';
import { Command } from 'commander';
import { badArgs, CtlError, describeError, ExitCode } from '../exit-code.js';
import { goStyleArguments } from '../go-style-arguments.js';
import { lineWriter } from '../io.js';
import { integerFlag } from '../number-argument.js';
import { quoted } from '../output/byte-text.js';
import type { WatchPrint } from '../output/printer.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';
import { splitWords } from '../txn-grammar.js';

interface WatchFlags {
  interactive?: boolean;
  prefix?: boolean;
  prevKv?: boolean;
  rev: number;
  progressNotify?: boolean;
}

export function addWatchCommand(program: Command, context: RunContext): void {
  const command = program.command('watch').description('print changes of a key, or of a range of keys, as they happen');
  addWatchFlags(command)
    .option(
      '-i, --interactive',
      'read watches from stdin, one a line: watch [options] <key> [range_end] [-- program...]',
    )
    .addHelpText('after', EXEC_HELP);
  command.action(async (words: string[], flags: WatchFlags) => {
    if (flags.interactive === true) {
      await withClient(context, command, (scope) => watchLines(context, scope));
      return;
    }
    const range = watchRange(words.length > 0 ? words : wordsOfEnvironment(context.io.env), flags);
    await withClient(context, command, (scope) => watch(context, scope, range, flags));
  });
}

function addWatchFlags(command: Command): Command {
  return command
    .argument('[words...]')
    .usage('[options] <key> [range_end] [-- program arguments...]')
    .option('--prefix', 'all keys with the prefix <key>')
    .option('--prev-kv', 'print the version before, too')
    .option('--rev <revision>', 'begin with this revision', integerFlag('rev'), 0)
    .option('--progress-notify', 'also print answers without events, now and then');
}

/** As etcdctl, which takes key and range end from there where it is given none. */
function wordsOfEnvironment(env: RunContext['io']['env']): string[] {
  const of = (name: string): string | undefined => env[`UNDERSTUDYCTL_${name}`] ?? env[`ETCDCTL_${name}`];
  const [key, to] = [of('WATCH_KEY'), of('WATCH_RANGE_END')];
  if (key === undefined || key === '') return [];
  return to === undefined || to === '' ? [key] : [key, to];
}

/** Each line begins a watch beside those before. A line that is none is told of; the end of the lines ends all. */
async function watchLines(context: RunContext, scope: CommandScope): Promise<void> {
  const { io } = context;
  const complain = lineWriter(io.stderr);
  const lines = createInterface({ input: Readable.from(io.stdin), crlfDelay: Number.POSITIVE_INFINITY });
  io.interrupted.addEventListener('abort', () => lines.close(), { once: true });
  const failed = new Promise<never>((_, reject) => {
    lines.on('line', (line) => {
      if (line.trim() === '') return;
      try {
        const begun = beginLine(context, scope, line);
        if (begun === null) complain(`Invalid command ${line} (only support watch)`);
        else begun.catch(reject);
      } catch (error) {
        complain(`Invalid command ${line} (${describeError(error)})`);
      }
    });
  });
  await Promise.race([failed, once(lines, 'close')]);
  if (io.interrupted.aborted) return;
  throw new CtlError(ExitCode.invalidInput, 'Error reading watch request line: EOF');
}

/** Null where the line is no watch. Throws where it is a bad one. */
function beginLine(context: RunContext, scope: CommandScope, line: string): Promise<void> | null {
  const { words, execWords } = goStyleArguments(splitWords(line));
  if (words[0] !== 'watch') return null;
  const parser = addWatchFlags(new Command('watch'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  parser.parse(words.slice(1), { from: 'user' });
  const flags = parser.opts<WatchFlags>();
  const range = watchRange(parser.args, flags, (word) => Buffer.from(word, 'latin1'));
  return watch({ ...context, execWords }, scope, range, flags);
}

const EXEC_HELP = `
A program after -- is run for each event, with UNDERSTUDY_WATCH_REVISION, UNDERSTUDY_WATCH_EVENT_TYPE,
UNDERSTUDY_WATCH_KEY and UNDERSTUDY_WATCH_VALUE in its environment (and the same as ETCD_WATCH_*).
`;

type Key = string | Uint8Array;
type WatchRange = { key: Key } | { prefix: Key } | { from: Key; to: Key };

function watchRange(
  words: readonly string[],
  { prefix }: WatchFlags,
  keyOf: (word: string) => Key = (word) => word,
): WatchRange {
  const [key, to] = words.map(keyOf);
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
