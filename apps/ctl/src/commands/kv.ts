// put, get, del and compaction.
import { KVService } from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs, CtlError, ExitCode } from '../exit-code.js';
import { readAll } from '../io.js';
import { parseInt64, saturate } from '../number-argument.js';
import { type RunContext, withClient } from '../run-context.js';
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
  utf8Bytes,
} from './kv-flags.js';

const { methods } = KVService;

export function addKvCommands(program: Command, context: RunContext): void {
  addPut(program, context);
  addGet(program, context);
  addDel(program, context);
  addCompaction(program, context);
}

function addPut(program: Command, context: RunContext): void {
  const command = program.command('put').description('put a key; the value is an argument or is read from stdin');
  addPutFlags(command.argument('[words...]').usage('[options] <key> [value]'));
  command.action(async (words: string[], flags: PutFlags) => {
    const fromStdin = words.length === 1 && flags.ignoreValue !== true;
    const input = fromStdin ? await readAll(context.io) : undefined;
    // Nothing on stdin is no value: an empty one is the argument ''.
    const request = putRequest(words, flags, utf8Bytes, input?.length === 0 ? undefined : input);
    await withClient(context, command, async ({ client, printer }) => {
      printer.put(await client.call(methods.put, request));
    });
  });
}

function addGet(program: Command, context: RunContext): void {
  const command = program.command('get').description('print a key, or a range of keys');
  addGetFlags(command.argument('[words...]').usage('[options] <key> [range_end]'));
  command.action(async (words: string[], flags: GetFlags) => {
    const request = getRequest(words, flags, utf8Bytes);
    const valueOnly = flags.printValueOnly === true;
    await withClient(
      context,
      command,
      async ({ client, printer, flags: { writeOut } }) => {
        if (valueOnly && writeOut !== 'simple') throw badArgs('print-value-only is only for `--write-out=simple`');
        printer.get(await client.call(methods.range, request));
      },
      { valueOnly },
    );
  });
}

function addDel(program: Command, context: RunContext): void {
  const command = program.command('del').description('delete a key, or a range of keys');
  addDelFlags(command.argument('[words...]').usage('[options] <key> [range_end]'));
  command.action(async (words: string[], flags: DelFlags) => {
    const request = delRequest(words, flags, utf8Bytes);
    await withClient(context, command, async ({ client, printer }) => {
      printer.del(await client.call(methods.deleteRange, request));
    });
  });
}

function addCompaction(program: Command, context: RunContext): void {
  const command = program.command('compaction').description('forget the history of keys before a revision');
  command.argument('[words...]').usage('[options] <revision>');
  command.option('--physical', 'wait until the space is given back');
  command.action(async (words: string[], flags: { physical?: boolean }) => {
    const [word] = words;
    if (word === undefined || words.length > 1) throw badArgs('compaction command needs 1 argument');
    const revision = parseInt64(word, 10);
    if (!revision.ok) throw new CtlError(ExitCode.error, revision.reason);
    await withClient(context, command, async ({ client, printer }) => {
      const request = { revision: saturate(revision.value), physical: flags.physical ?? false };
      printer.compaction(request.revision, await client.call(methods.compact, request));
    });
  });
}
