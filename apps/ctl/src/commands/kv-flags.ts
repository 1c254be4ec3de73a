// `get`, `put` and `del`: their flags, and how flags and arguments become requests. The commands and the language of
// `txn` share these.
import { toWireRange } from '@understudy/client';
import { DeleteRangeRequest, PutRequest, RangeRequest, SortOrder, SortTarget } from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs, CtlError, ExitCode } from '../exit-code.js';
import { integerFlag, parseInt64 } from '../number-argument.js';

/** A word of the command line, or of a transaction's line, as the bytes it stands for. */
export type WordBytes = (word: string) => Uint8Array;

interface RangeFlags {
  prefix?: boolean;
  fromKey?: boolean;
}

export interface GetFlags extends RangeFlags {
  consistency: string;
  order?: string;
  sortBy?: string;
  limit: number;
  rev: number;
  keysOnly?: boolean;
  countOnly?: boolean;
  printValueOnly?: boolean;
}

export function addGetFlags(command: Command): Command {
  return command
    .option('--consistency <l|s>', 'linearizable (l) or serializable (s)', 'l')
    .option('--order <order>', 'order of results: ASCEND or DESCEND')
    .option('--sort-by <target>', 'sort by CREATE, KEY, MODIFY, VALUE or VERSION')
    .option('--limit <count>', 'at most so many results; 0 is all', integerFlag('limit'), 0)
    .option('--prefix', 'all keys with the prefix <key>')
    .option('--from-key', 'all keys from <key> on, in byte order')
    .option('--rev <revision>', 'the store as it was at this revision; 0 is the newest', integerFlag('rev'), 0)
    .option('--keys-only', 'no values')
    .option('--count-only', 'only how many keys there are')
    .option('--print-value-only', 'only values, in the simple format');
}

const ORDERS: Readonly<Record<string, SortOrder>> = {
  '': SortOrder.NONE,
  ASCEND: SortOrder.ASCEND,
  DESCEND: SortOrder.DESCEND,
};

const TARGETS: Readonly<Record<string, SortTarget>> = {
  '': SortTarget.KEY,
  CREATE: SortTarget.CREATE,
  KEY: SortTarget.KEY,
  MODIFY: SortTarget.MOD,
  VALUE: SortTarget.VALUE,
  VERSION: SortTarget.VERSION,
};

export function getRequest(words: readonly string[], flags: GetFlags, bytes: WordBytes): RangeRequest {
  const range = rangeOf('get', words, flags, bytes);
  if (flags.consistency !== 'l' && flags.consistency !== 's') {
    throw badFeature(`unknown consistency flag ${JSON.stringify(flags.consistency)}`);
  }
  if (flags.keysOnly === true && flags.countOnly === true) {
    throw badArgs('`--keys-only` and `--count-only` cannot be set at the same time, choose one');
  }
  const { order: orderName = '', sortBy: targetName = '' } = flags;
  const order = lookUp(ORDERS, orderName.toUpperCase());
  if (order === undefined) throw badFeature(`bad sort order ${orderName}`);
  const target = lookUp(TARGETS, targetName.toUpperCase());
  if (target === undefined) throw badFeature(`bad sort target ${targetName}`);
  return RangeRequest.create({
    ...range,
    limit: flags.limit,
    revision: flags.rev,
    sortOrder: order === SortOrder.NONE && targetName !== '' ? SortOrder.ASCEND : order,
    sortTarget: target,
    serializable: flags.consistency === 's',
    keysOnly: flags.keysOnly ?? false,
    countOnly: flags.countOnly ?? false,
  });
}

export interface PutFlags {
  lease?: string;
  prevKv?: boolean;
  ignoreValue?: boolean;
  ignoreLease?: boolean;
}

export function addPutFlags(command: Command): Command {
  return command
    .option('--lease <id>', 'attach the key to this lease (hexadecimal)')
    .option('--prev-kv', 'print the version before')
    .option('--ignore-value', 'keep the value the key has')
    .option('--ignore-lease', 'keep the lease the key has');
}

const PUT_ARGUMENTS = 'put command needs 1 argument and input from stdin or 2 arguments';

/** @param stdin the value when it is not an argument; undefined where there is none */
export function putRequest(
  words: readonly string[],
  flags: PutFlags,
  bytes: WordBytes,
  stdin: Uint8Array | undefined,
): PutRequest {
  const lease = parseInt64(flags.lease ?? '0', 16);
  if (!lease.ok) throw badArgs(`bad lease ID (${lease.reason}), expecting ID in Hex`);
  const [key, word] = words;
  if (key === undefined || words.length > 2) throw badArgs(PUT_ARGUMENTS);
  if (flags.ignoreValue === true && word !== undefined) {
    throw badArgs("put command needs only 1 argument when 'ignore-value' is set");
  }
  const value = flags.ignoreValue === true ? new Uint8Array(0) : word === undefined ? stdin : bytes(word);
  if (value === undefined) throw badArgs(PUT_ARGUMENTS);
  return PutRequest.create({
    key: bytes(key),
    value,
    lease: lease.value,
    prevKv: flags.prevKv ?? false,
    ignoreValue: flags.ignoreValue ?? false,
    ignoreLease: flags.ignoreLease ?? false,
  });
}

export interface DelFlags extends RangeFlags {
  prevKv?: boolean;
}

export function addDelFlags(command: Command): Command {
  return command
    .option('--prefix', 'all keys with the prefix <key>')
    .option('--from-key', 'all keys from <key> on, in byte order')
    .option('--prev-kv', 'print what was deleted');
}

export function delRequest(words: readonly string[], flags: DelFlags, bytes: WordBytes): DeleteRangeRequest {
  return DeleteRangeRequest.create({ ...rangeOf('del', words, flags, bytes), prevKv: flags.prevKv ?? false });
}

function rangeOf(
  command: string,
  words: readonly string[],
  flags: RangeFlags,
  bytes: WordBytes,
): { key: Uint8Array; rangeEnd: Uint8Array } {
  const [first, second] = words;
  if (first === undefined || words.length > 2) {
    throw badArgs(`${command} command needs one argument as key and an optional argument as range_end`);
  }
  if (flags.prefix === true && flags.fromKey === true) {
    throw badArgs('`--prefix` and `--from-key` cannot be set at the same time, choose one');
  }
  const key = bytes(first);
  if (flags.prefix !== true && flags.fromKey !== true) {
    return { key, rangeEnd: second === undefined ? new Uint8Array(0) : bytes(second) };
  }
  if (second !== undefined) {
    throw badArgs('too many arguments, only accept one argument when `--prefix` or `--from-key` is set');
  }
  return toWireRange(flags.prefix === true ? { prefix: key } : { from: key });
}

function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function badFeature(message: string): CtlError {
  return new CtlError(ExitCode.badFeature, message);
}

/** Command lines reach a program as text: its bytes are UTF-8. */
export const utf8Bytes: WordBytes = (word) => Buffer.from(word, 'utf8');
