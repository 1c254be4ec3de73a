// lease grant, revoke, timetolive, list and keep-alive.
import type { ClientError, LeaseKeeper } from '@understudy/client';
import type { Command } from 'commander';
import { badArgs, CtlError, describeError, ExitCode } from '../exit-code.js';
import { lineWriter } from '../io.js';
import { parseInt64, saturate } from '../number-argument.js';
import { leaseHex } from '../output/byte-text.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

export function addLeaseCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'lease', 'leases: time that keys live');
  addGrant(group, context);
  addRevoke(group, context);
  addTimeToLive(group, context);
  addList(group, context);
  addKeepAlive(group, context);
}

function leaseId(words: readonly string[], command: string): bigint {
  const [word] = words;
  if (word === undefined || words.length > 1) {
    const needs = command === 'revoke' ? '1 argument' : 'lease ID as argument';
    throw badArgs(`lease ${command} command needs ${needs}`);
  }
  const id = parseInt64(word, 16);
  if (!id.ok) throw badArgs(`bad lease ID arg (${id.reason}), expecting ID in Hex`);
  return id.value;
}

function addGrant(group: Command, context: RunContext): void {
  const command = group.command('grant').description('make a lease of so many seconds');
  command.argument('[words...]').usage('[options] <ttl>');
  command.action(async (words: string[]) => {
    const [word] = words;
    if (word === undefined || words.length > 1) throw badArgs('lease grant command needs TTL argument');
    const ttl = parseInt64(word, 10);
    if (!ttl.ok) throw badArgs(`bad TTL (${ttl.reason})`);
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.lease.grant(saturate(ttl.value)).catch(wrap('failed to grant lease'));
      printer.leaseGrant(answer);
    });
  });
}

function addRevoke(group: Command, context: RunContext): void {
  const command = group.command('revoke').description('end a lease; its keys are deleted');
  command.argument('[words...]').usage('[options] <leaseID>');
  command.action(async (words: string[]) => {
    const id = leaseId(words, 'revoke');
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.lease.revoke(id).catch(wrap('failed to revoke lease'));
      printer.leaseRevoke(id, answer);
    });
  });
}

function wrap(what: string): (cause: unknown) => never {
  return (cause) => {
    throw new CtlError(ExitCode.error, `${what} (${describeError(cause)})`, { cause });
  };
}

function addTimeToLive(group: Command, context: RunContext): void {
  const command = group.command('timetolive').description('print how long a lease still lives');
  command.argument('[words...]').usage('[options] <leaseID>').option('--keys', 'also print its keys');
  command.action(async (words: string[], flags: { keys?: boolean }) => {
    const id = leaseId(words, 'timetolive');
    const keys = flags.keys ?? false;
    await withClient(context, command, async ({ client, printer }) => {
      printer.leaseTimeToLive(await client.lease.timeToLive(id, { keys }), keys);
    });
  });
}

function addList(group: Command, context: RunContext): void {
  const command = group.command('list').description('list all leases');
  command.action(async () => {
    await withClient(context, command, async ({ client, printer }) => {
      printer.leases(await client.lease.leases());
    });
  });
}

function addKeepAlive(group: Command, context: RunContext): void {
  const command = group.command('keep-alive').description('renew a lease until it is interrupted');
  command.argument('[words...]').usage('[options] <leaseID>').option('--once', 'renew it once');
  command.action(async (words: string[], flags: { once?: boolean }) => {
    const id = leaseId(words, 'keep-alive');
    await withClient(context, command, async (scope) => {
      if (flags.once === true) await renewOnce(scope, id);
      else await renewUntilLost(context, scope, id);
    });
  });
}

async function renewOnce({ client, printer }: CommandScope, id: bigint): Promise<void> {
  const answer = await client.lease.keepAliveOnce(id).catch((cause: unknown) => {
    throw new CtlError(ExitCode.badConnection, describeError(cause), { cause });
  });
  printer.leaseKeepAlive(answer);
}

async function renewUntilLost(context: RunContext, { client, printer }: CommandScope, id: bigint): Promise<void> {
  const keeper: LeaseKeeper = client.lease.keepAlive(id, { signal: context.io.interrupted });
  const lost = new Promise<ClientError | undefined>((resolve) => {
    keeper.on('lost', resolve);
    if (context.io.interrupted.aborted) resolve(undefined);
    context.io.interrupted.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  keeper.on('renewed', (answer) => printer.leaseKeepAlive(answer));
  const error = await lost;
  if (error === undefined) return;
  if (error.code !== 'NOT_FOUND' && error.code !== 'DEADLINE_EXCEEDED') throw error;
  lineWriter(context.io.stdout)(`lease ${leaseHex(id)} expired or revoked.`);
}
