// member list, add, promote, remove and update.
import { ClusterService } from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import { memberIdArgument } from '../number-argument.js';
import { type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

const { methods } = ClusterService;

export function addMemberCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'member', 'the members of the cluster');
  addList(group, context);
  addAdd(group, context);
  addPromote(group, context);
  addRemove(group, context);
  addUpdate(group, context);
}

function addList(group: Command, context: RunContext): void {
  const command = group.command('list').description('list all members');
  command.action(async () => {
    await withClient(context, command, async ({ client, printer }) => {
      printer.memberList(await client.call(methods.memberList, { linearizable: true }));
    });
  });
}

interface PeerUrlFlags {
  peerUrls?: string;
  learner?: boolean;
}

const PEER_URLS = ['--peer-urls <list>', 'peer urls of the member, comma separated'] as const;

function addAdd(group: Command, context: RunContext): void {
  const command = group.command('add').description('add a member; start it afterwards with the environment printed');
  command
    .argument('[words...]')
    .usage('[options] <name>')
    .option(...PEER_URLS);
  command.option('--learner', 'add it as a learner: it gets the log and does not vote until it is promoted');
  command.action(async (words: string[], flags: PeerUrlFlags) => {
    const [name] = words;
    if (name === undefined) throw badArgs('member name not provided');
    if (words.length > 1) throw badArgs('too many arguments');
    const peerUrls = peerUrlList(flags);
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.call(methods.memberAdd, { peerUrls, isLearner: flags.learner ?? false });
      printer.memberAdd(name, answer);
    });
  });
}

function addPromote(group: Command, context: RunContext): void {
  const command = group.command('promote').description('make a learner that has caught up a voter');
  command.argument('[words...]').usage('[options] <memberID>');
  command.action(async (words: string[]) => {
    const id = memberIdArgument(words);
    await withClient(context, command, async ({ client, printer }) => {
      printer.memberPromote(id, await client.call(methods.memberPromote, { id }));
    });
  });
}

function addRemove(group: Command, context: RunContext): void {
  const command = group.command('remove').description('remove a member');
  command.argument('[words...]').usage('[options] <memberID>');
  command.action(async (words: string[]) => {
    const id = memberIdArgument(words);
    await withClient(context, command, async ({ client, printer }) => {
      printer.memberRemove(id, await client.call(methods.memberRemove, { id }));
    });
  });
}

function addUpdate(group: Command, context: RunContext): void {
  const command = group.command('update').description('change the peer urls of a member');
  command
    .argument('[words...]')
    .usage('[options] <memberID>')
    .option(...PEER_URLS);
  command.action(async (words: string[], flags: PeerUrlFlags) => {
    const id = memberIdArgument(words);
    const peerUrls = peerUrlList(flags);
    await withClient(context, command, async ({ client, printer }) => {
      printer.memberUpdate(id, await client.call(methods.memberUpdate, { id, peerUrls }));
    });
  });
}

function peerUrlList({ peerUrls = '' }: PeerUrlFlags): string[] {
  const urls = peerUrls.split(',').filter((url) => url !== '');
  if (urls.length === 0) throw badArgs('member peer urls not provided');
  return urls;
}
