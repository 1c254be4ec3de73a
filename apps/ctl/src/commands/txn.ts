// txn: comparisons and requests from stdin, carried out as one transaction.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { KVService, type RequestOp, type TxnRequest } from '@understudy/protocol';
import { Command } from 'commander';
import { badArgs, CtlError, ExitCode } from '../exit-code.js';
import { type Io, lineWriter } from '../io.js';
import { type RunContext, withClient } from '../run-context.js';
import { parseComparison, splitWords } from '../txn-grammar.js';
import {
  addDelFlags,
  addGetFlags,
  addPutFlags,
  type DelFlags,
  delRequest,
  type GetFlags,
  getRequest,
  type PutFlags,
  putRequest,
  type WordBytes,
} from './kv-flags.js';

export function addTxnCommand(program: Command, context: RunContext): void {
  const command = program.command('txn').description('read a transaction from stdin and carry it out');
  command.argument('[words...]').usage('[options]').option('-i, --interactive', 'ask for each part');
  command.addHelpText('after', HELP);
  command.action(async (words: string[], flags: { interactive?: boolean }) => {
    if (words.length > 0) throw badArgs('txn command does not accept argument');
    const request = await readTransaction(context.io, flags.interactive ?? false);
    await withClient(context, command, async ({ client, printer }) => {
      printer.txn(await client.call(KVService.methods.txn, request));
    });
  });
}

const HELP = `
Three lists of lines, each ended by an empty line: comparisons, requests when all hold, requests when one does not.
  mod("key") > "0"          also version, create, value, lease; also =, != and <

  put key "new value"

  get key
`;

async function readTransaction(io: Io, interactive: boolean): Promise<TxnRequest> {
  const prompt = interactive ? lineWriter(io.stdout) : () => {};
  const input = Readable.from(io.stdin);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const iterator = lines[Symbol.asyncIterator]();
  const section = async <T>(title: string, parse: (line: string) => T): Promise<T[]> => {
    prompt(title);
    const items: T[] = [];
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) throw new CtlError(ExitCode.invalidInput, 'EOF');
      const line = next.value.trim();
      if (line === '') return items;
      items.push(parse(line));
    }
  };
  try {
    const compare = await section('compares:', parseComparison);
    const success = await section('success requests (get, put, del):', parseOperation);
    const failure = await section('failure requests (get, put, del):', parseOperation);
    return { compare, success, failure };
  } finally {
    lines.close();
    // A pipe that nobody closes would keep the process.
    input.destroy();
  }
}

// A word holds one byte a character, so that literals such as "\xff" are what they say.
const latin1Bytes: WordBytes = (word) => Buffer.from(word, 'latin1');

/** One request line: the command with its own flags and arguments. */
export function parseOperation(line: string): RequestOp {
  const [name, ...words] = splitWords(line);
  if (words.length === 0) throw new CtlError(ExitCode.invalidInput, `invalid txn compare request: ${line}`);
  let parsed: RequestOp | undefined;
  const quiet = (): Command => {
    const command = new Command(name).exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    return command.argument('[words...]').helpOption(false);
  };
  const parsers: Readonly<Record<string, () => Command>> = {
    get: () =>
      addGetFlags(quiet()).action((rest: string[], flags: GetFlags) => {
        parsed = { requestRange: getRequest(rest, flags, latin1Bytes) };
      }),
    put: () =>
      addPutFlags(quiet()).action((rest: string[], flags: PutFlags) => {
        parsed = { requestPut: putRequest(rest, flags, latin1Bytes, undefined) };
      }),
    del: () =>
      addDelFlags(quiet()).action((rest: string[], flags: DelFlags) => {
        parsed = { requestDeleteRange: delRequest(rest, flags, latin1Bytes) };
      }),
  };
  const parser = name !== undefined && Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  try {
    parser?.().parse(words, { from: 'user' });
  } catch (cause) {
    if (cause instanceof CtlError) throw cause;
    throw new CtlError(ExitCode.invalidInput, `invalid txn request: ${line}`, { cause });
  }
  if (parsed === undefined) throw new CtlError(ExitCode.invalidInput, `invalid txn request: ${line}`);
  return parsed;
}
