// member list, add, promote, demote, replace, remove and update.
import { ClientError } from '@understudy/client';
import {
  AddedRole,
  ClusterService,
  DemoteMemberResponse,
  type LadderMember,
  LadderService,
  type MemberAddResponse,
  type MemberPromoteResponse,
  ReplaceMemberResponse,
  type ResponseHeader,
} from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import { memberIdArgument } from '../number-argument.js';
import { hexId } from '../output/byte-text.js';
import { joinEnvironment } from '../output/simple.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

const { methods } = ClusterService;
const ladder = LadderService.methods;

export function addMemberCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'member', 'the members of the cluster');
  addList(group, context);
  addAdd(group, context);
  addPromote(group, context);
  addDemote(group, context);
  addReplace(group, context);
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
}

interface AddFlags extends PeerUrlFlags {
  learner?: boolean;
  reader?: boolean;
  voter?: boolean;
  promote?: string;
  zone?: string;
}

const PEER_URLS = ['--peer-urls <list>', 'peer urls of the member, comma separated'] as const;

function addAdd(group: Command, context: RunContext): void {
  const command = group
    .command('add')
    .description('add a member that votes once it is in sync; start it afterwards with the environment printed');
  command
    .argument('[words...]')
    .usage('[options] <name>')
    .option(...PEER_URLS)
    .option('--learner', 'add it as a learner: it gets the log and does not vote until it is promoted')
    .option('--reader', 'add it as a reader: it gets the log, serves reads and never votes')
    .option('--voter', 'add it as a voter that counts in the quorum at once')
    .option('--promote <when>', 'of a learner: manual, auto, or some of join,size,failover (default: manual)')
    .option('--zone <name>', 'machines of one zone may fail together');
  command.action(async (words: string[], flags: AddFlags) => {
    const [name] = words;
    if (name === undefined) throw badArgs('member name not provided');
    if (words.length > 1) throw badArgs('too many arguments');
    const peerUrls = peerUrlList(flags);
    const role = addedRole(flags);
    await withClient(context, command, async ({ client, printer }) => {
      const answer = isEtcds(flags)
        ? await client.call(methods.memberAdd, { peerUrls, isLearner: role === AddedRole.LEARNER })
        : await addByLadder({ client }, { peerUrls, role, promote: flags.promote ?? '', zone: flags.zone ?? '' });
      printer.memberAdd(name, answer);
    });
  });
}

/** What etcd's own call can say is said by it. */
function isEtcds({ reader, voter, promote, zone }: AddFlags): boolean {
  return reader !== true && voter !== true && promote === undefined && zone === undefined;
}

function addedRole({ learner, reader, voter, promote }: AddFlags): AddedRole {
  const asked = [learner, reader, voter].filter((flag) => flag === true);
  if (asked.length > 1) throw badArgs('--learner, --reader and --voter are mutually exclusive');
  if (promote !== undefined && learner !== true) throw badArgs('--promote is for a --learner');
  if (reader === true) return AddedRole.READER;
  if (voter === true) return AddedRole.VOTER;
  return learner === true ? AddedRole.LEARNER : AddedRole.JOIN;
}

async function addByLadder(
  { client }: Pick<CommandScope, 'client'>,
  request: { peerUrls: string[]; role: AddedRole; promote: string; zone: string },
): Promise<MemberAddResponse> {
  const { header, member, members } = await client.call(ladder.memberAdd, request);
  return { header, member: member === undefined ? undefined : asEtcds(member), members: members.map(asEtcds) };
}

function asEtcds({ id, name, peerUrls, clientUrls, role }: LadderMember): MemberAddResponse['members'][number] {
  return { id, name, peerUrls, clientUrls, isLearner: role !== 'voter' };
}

function addPromote(group: Command, context: RunContext): void {
  const command = group.command('promote').description('make a learner that has caught up a voter');
  command.argument('[words...]').usage('[options] <memberID>');
  command.action(async (words: string[]) => {
    const id = memberIdArgument(words);
    await withClient(context, command, async (scope) => {
      scope.printer.memberPromote(id, await promote(scope, id));
    });
  });
}

async function promote({ client }: CommandScope, id: number): Promise<MemberPromoteResponse> {
  try {
    const { header, members } = await client.call(ladder.memberPromote, { id });
    return { header, members: members.map(asEtcds) };
  } catch (error) {
    // A server that has only etcd's calls.
    if (!(error instanceof ClientError) || error.code !== 'UNIMPLEMENTED') throw error;
    return client.call(methods.memberPromote, { id });
  }
}

function addDemote(group: Command, context: RunContext): void {
  const command = group.command('demote').description('make a voter a learner, which only a command promotes again');
  command.argument('[words...]').usage('[options] <memberID>');
  command.action(async (words: string[]) => {
    const id = memberIdArgument(words);
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.call(ladder.memberDemote, { id });
      const lines = [done(id, answer.changed ? 'demoted in' : 'does not vote in', answer.header)];
      printer.report({ type: DemoteMemberResponse, answer, lines, tables: [] });
    });
  });
}

function addReplace(group: Command, context: RunContext): void {
  const command = group
    .command('replace')
    .description(
      'have another machine take the place of a voter, which is removed then; without --peer-urls, a standby',
    );
  command
    .argument('[words...]')
    .usage('[options] <memberID> [name]')
    .option(...PEER_URLS)
    .option('--zone <name>', 'of the machine that comes');
  command.action(async (words: string[], flags: PeerUrlFlags & { zone?: string }) => {
    const id = memberIdArgument(words.slice(0, 1));
    const [, name] = words;
    if (words.length > 2) throw badArgs('too many arguments');
    const peerUrls = flags.peerUrls === undefined ? [] : peerUrlList(flags);
    if (peerUrls.length > 0 && name === undefined) throw badArgs('name of the new member not provided');
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.call(ladder.memberReplace, { id, peerUrls, zone: flags.zone ?? '' });
      const lines = [done(id, 'is replaced in', answer.header)];
      if (answer.member !== undefined && name !== undefined) {
        const added = { header: answer.header, member: asEtcds(answer.member), members: answer.members.map(asEtcds) };
        lines.push(done(answer.member.id, 'added to', answer.header), '', ...joinEnvironment(name, added));
      }
      printer.report({ type: ReplaceMemberResponse, answer, lines, tables: [] });
    });
  });
}

function done(id: number, what: string, header: ResponseHeader | undefined): string {
  return `Member ${hexId(id)} ${what} cluster ${hexId(header?.clusterId ?? 0)}`;
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
