/**
 * Runs the interaction scripts: a network of members in one process, in which every step is a command. Messages wait
 * until they are delivered; in asynchronous mode, storage work waits until its thread runs.
 */
import {
  type ConfChange,
  ConfChangeTransition,
  decodeConfChange,
  EMPTY_CONF_STATE,
  type Entry,
  type HardState,
  isConfChange,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  Message as MessageClass,
  MessageType,
  NO_LIMIT,
  NO_MESSAGES,
  type ProposeResult,
  type RaftOptions,
  RawNode,
  type Snapshot,
} from '../../src/index.js';
import {
  describeEntries,
  describeMessage,
  describeProgress,
  describeReady,
  describeState,
  MemoryLog,
} from '../../src/testing/index.js';
import { parseChanges } from './conf-change-words.js';
import type { Argument, Block } from './script.js';

const ELECTION_TICKS = 3;
const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal', 'none'];
/** Drops of proposals, each of which the reference calls the same. */
const DROPS = new Set(['no-leader', 'forwarding-disabled', 'transferring', 'uncommitted-limit', 'not-member']);
const NO_DATA = new Uint8Array(0);

type MutableOptions = { -readonly [K in keyof RaftOptions]: RaftOptions[K] };

interface Member {
  readonly id: number;
  readonly node: RawNode;
  readonly log: MemoryLog;
  readonly asynchronous: boolean;
  /** The state after each applied entry. The state machine appends data to its content. */
  readonly history: Snapshot[];
  readonly appendWork: Message[];
  readonly applyWork: Message[];
}

export class InteractionEnv {
  private readonly members: Member[] = [];
  private messages: Message[] = [];
  private output = '';
  private quiet = false;

  /** The output of one command. `none` silences all but errors. */
  handle(block: Block): string {
    this.output = '';
    try {
      this.run(block);
    } catch (error) {
      const text = (error as Error).message;
      if (this.quiet) return text;
      this.write(text);
    }
    return this.output === '' ? 'ok' : this.output;
  }

  private write(text: string): void {
    if (!this.quiet) this.output += text;
  }

  private run(block: Block): void {
    const { args, command } = block;
    switch (command) {
      case '_breakpoint':
        return;
      case 'add-nodes':
        return this.addNodes(args);
      case 'campaign':
        return this.first(args).node.campaign();
      case 'compact':
        return this.compact(args);
      case 'deliver-msgs':
        return this.deliverCommand(args);
      case 'forget-leader':
        return this.first(args).node.forgetLeader();
      case 'log-level':
        return this.setLevel(args[0]?.key ?? '');
      case 'process-append-thread':
        return this.each(args, 'processing append thread', (member) => this.processAppend(member));
      case 'process-apply-thread':
        return this.each(args, 'processing apply thread', (member) => this.processApply(member));
      case 'process-ready':
        return this.each(args, 'handling Ready', (member) => this.processReady(member));
      case 'propose':
        return refuseDropped(this.first(args).node.propose([bytes(args[1]?.key ?? '')]));
      case 'propose-conf-change':
        return this.proposeConfChange(block);
      case 'raft-log':
        return this.raftLog(this.first(args));
      case 'raft-state':
        return this.raftState();
      case 'report-unreachable':
        return this.reportUnreachable(args);
      case 'send-snapshot':
        return this.sendSnapshot(args);
      case 'set-randomized-election-timeout':
        return this.first(args).node.setRandomizedElectionTicks(Number(option(args, 'timeout')));
      case 'stabilize':
        return this.stabilizeCommand(args);
      case 'status':
        return this.status(this.first(args));
      case 'tick-election':
        return this.tick(this.first(args), ELECTION_TICKS);
      case 'tick-heartbeat':
        return this.tick(this.first(args), 1);
      case 'transfer-leadership':
        return this.member(Number(option(args, 'from'))).node.transferLeadership(Number(option(args, 'to')));
      default:
        throw new Error('unknown command');
    }
  }

  private addNodes(args: readonly Argument[]): void {
    const count = Number(args[0]?.key);
    const { options, snapshot } = readSetup(args.slice(1));
    if (snapshot !== null && snapshot.index <= 1) throw new Error('index must be specified as > 1 due to bootstrap');
    for (let i = 0; i < count; i++) {
      const id = this.members.length + 1;
      const history: Snapshot[] = [snapshot ?? { index: 0, term: 0, confState: EMPTY_CONF_STATE, data: NO_DATA }];
      const log = new MemoryLog();
      if (snapshot !== null) log.install(snapshot);
      // Who asks for a snapshot gets the newest state.
      log.snapshotSource = () => history[history.length - 1] as Snapshot;
      const node = new RawNode({ storage: log, random: (max) => max - 1 }, { ...options, id });
      const asynchronous = options.asyncStorageWrites ?? false;
      this.members.push({ id, node, log, asynchronous, history, appendWork: [], applyWork: [] });
    }
  }

  private compact(args: readonly Argument[]): void {
    const member = this.first(args);
    member.log.compact(Number(args[1]?.key));
    this.raftLog(member);
  }

  private proposeConfChange({ args, input }: Block): void {
    const changes = parseChanges(input);
    const old = option(args, 'v1') === 'true';
    const transition = transitionOf(option(args, 'transition') ?? 'auto');
    if (old && (changes.length > 1 || transition !== ConfChangeTransition.Auto)) {
      throw new Error('v1 conf change can only have one operation and no transition');
    }
    const change: ConfChange = { transition, changes, context: NO_DATA };
    refuseDropped(this.first(args).node.proposeConfChange(change, old ? 'v1' : 'v2'));
  }

  private processReady(member: Member): void {
    const ready = member.node.ready();
    this.write(describeReady(ready));
    if (!member.asynchronous) {
      persist(member, ready.hardState, ready.entries, ready.snapshot);
      apply(member, ready.committedEntries);
    }
    for (const message of ready.messages) {
      if (message.to === LOCAL_APPEND_THREAD) member.appendWork.push(message);
      else if (message.to === LOCAL_APPLY_THREAD) member.applyWork.push(message);
      else this.messages.push(message);
    }
    if (!member.asynchronous) member.node.advance();
  }

  private processAppend(member: Member): void {
    const work = member.appendWork.shift();
    if (work === undefined) {
      this.write('no append work to perform');
      return;
    }
    this.describeWork(work);
    const { commit, term, vote } = work;
    const empty = term === 0 && vote === 0 && commit === 0;
    persist(member, empty ? null : { term, vote, commit }, work.entries, work.snapshot);
    this.respond(work);
  }

  private processApply(member: Member): void {
    const work = member.applyWork.shift();
    if (work === undefined) {
      this.write('no apply work to perform');
      return;
    }
    this.describeWork(work);
    apply(member, work.entries);
    this.respond(work);
  }

  private describeWork(work: Message): void {
    const shown = Object.assign(new MessageClass(work.type), work, { responses: NO_MESSAGES });
    this.write(`Processing:\n${describeMessage(shown)}\n`);
  }

  private respond(work: Message): void {
    this.write('Responses:\n');
    for (const response of work.responses) this.write(`${describeMessage(response)}\n`);
    this.messages.push(...work.responses);
  }

  private deliverCommand(args: readonly Argument[]): void {
    const type = option(args, 'type');
    const typeNumber = type === undefined ? null : messageType(type);
    const keep = args.filter(({ values }) => values.length === 0).map(({ key }) => Number(key));
    const drop = (args.find(({ key }) => key === 'drop')?.values ?? []).map(Number);
    for (const id of drop) {
      if (keep.includes(id)) throw new Error(`can't both deliver and drop msgs to ${id}`);
    }
    let count = 0;
    for (const id of keep) count += this.deliver(id, typeNumber, false);
    for (const id of drop) count += this.deliver(id, typeNumber, true);
    if (count === 0) this.write('no messages\n');
  }

  private deliver(id: number, type: MessageType | null, drop: boolean): number {
    const due = this.messages.filter((message) => isDue(message, id, type, drop));
    this.messages = this.messages.filter((message) => !due.includes(message));
    for (const message of due) {
      this.write(`${drop ? 'dropped: ' : ''}${describeMessage(message)}\n`);
      if (drop) continue;
      const result = this.member(id).node.step(message);
      if (!result.ok) this.write(`${stepError(result.reason)}\n`);
    }
    return due.length;
  }

  private stabilizeCommand(args: readonly Argument[]): void {
    const before = this.quiet;
    const level = option(args, 'log-level');
    if (level !== undefined) this.setLevel(level);
    this.stabilize(args.some(({ values }) => values.length === 0) ? this.named(args) : this.members);
    this.quiet = before;
  }

  private stabilize(members: readonly Member[]): void {
    for (let done = false; !done; ) {
      done = true;
      for (const member of members) {
        if (!member.node.hasReady()) continue;
        this.titled(`${member.id} handling Ready`, () => this.processReady(member));
        done = false;
      }
      for (const { id } of members) {
        if (!this.messages.some((message) => isDue(message, id, null, false))) continue;
        this.titled(`${id} receiving messages`, () => this.deliver(id, null, false));
        done = false;
      }
      for (const member of members) {
        if (member.appendWork.length === 0) continue;
        this.titled(`${member.id} processing append thread`, () => {
          while (member.appendWork.length > 0) this.processAppend(member);
        });
        done = false;
      }
      for (const member of members) {
        if (member.applyWork.length === 0) continue;
        this.titled(`${member.id} processing apply thread`, () => {
          while (member.applyWork.length > 0) this.processApply(member);
        });
        done = false;
      }
    }
  }

  private raftLog({ log }: Member): void {
    const first = log.firstIndex();
    const last = log.lastIndex();
    if (last < first) {
      this.write(`log is empty: first index=${first}, last index=${last}`);
      return;
    }
    this.write(describeEntries(log.entries(first, last + 1, NO_LIMIT) as Entry[]));
  }

  private raftState(): void {
    for (const { id, node } of this.members) {
      const { confState, lead, state, term } = node.status();
      const voter = confState.voters.includes(id) || confState.votersOutgoing.includes(id);
      this.write(`${id}: ${describeState(state)} (${voter ? 'Voter' : 'Non-Voter'}) Term:${term} Lead:${lead}\n`);
    }
  }

  private status({ node }: Member): void {
    for (const progress of node.status().progress) this.write(`${describeProgress(progress)}\n`);
  }

  private reportUnreachable(args: readonly Argument[]): void {
    const [on, reported] = this.named(args);
    if (on === undefined || reported === undefined || args.length !== 2) {
      throw new Error('must specify exactly two node indexes: node on which to report, and reported node');
    }
    on.node.reportUnreachable(reported.id);
  }

  private sendSnapshot(args: readonly Argument[]): void {
    const [from, to] = args.map(({ key }) => Number(key));
    const sender = this.member(from ?? 0);
    const message = new MessageClass(MessageType.Snap, to, sender.id, sender.node.term);
    message.snapshot = sender.history[sender.history.length - 1] as Snapshot;
    this.messages.push(message);
    this.write(describeMessage(message));
  }

  private tick(member: Member, ticks: number): void {
    for (let i = 0; i < ticks; i++) member.node.tick();
  }

  private setLevel(level: string): void {
    if (!LEVELS.includes(level.toLowerCase())) throw new Error(`log levels must be either of [${LEVELS.join(' ')}]`);
    this.quiet = level.toLowerCase() === 'none';
  }

  /** Work of several members has a title and is indented; of one, neither. */
  private each(args: readonly Argument[], title: string, work: (member: Member) => void): void {
    const members = this.named(args);
    if (members.length === 1) return work(members[0] as Member);
    for (const member of members) this.titled(`${member.id} ${title}`, () => work(member));
  }

  private titled(title: string, work: () => void): void {
    this.write(`> ${title}\n`);
    const before = this.output;
    this.output = '';
    try {
      work();
    } finally {
      const lines = this.output.replace(/\n$/, '').split('\n');
      const indented = this.output === '' ? '' : lines.map((line) => `  ${line}\n`).join('');
      this.output = before + indented;
    }
  }

  private named(args: readonly Argument[]): Member[] {
    return args.filter(({ values }) => values.length === 0).map(({ key }) => this.member(Number(key)));
  }

  private first(args: readonly Argument[]): Member {
    return this.member(Number(args[0]?.key));
  }

  private member(id: number): Member {
    const member = this.members[id - 1];
    if (member === undefined) throw new Error(`there is no node ${id}`);
    return member;
  }
}

function persist(
  { log }: Member,
  hardState: HardState | null,
  entries: readonly Entry[],
  snapshot: Snapshot | null,
): void {
  if (hardState !== null) log.hardState = hardState;
  log.append(entries);
  if (snapshot !== null) log.install(snapshot);
}

function apply({ history, node }: Member, entries: readonly Entry[]): void {
  for (const entry of entries) {
    const last = history[history.length - 1] as Snapshot;
    let { confState } = last;
    let update = entry.data;
    if (isConfChange(entry)) {
      const change = decodeConfChange(entry);
      update = change.context;
      confState = node.applyConfChange(change);
    }
    const data = new Uint8Array(last.data.length + update.length);
    data.set(last.data);
    data.set(update, last.data.length);
    history.push({ index: entry.index, term: entry.term, confState, data });
  }
}

function readSetup(args: readonly Argument[]): { options: Omit<RaftOptions, 'id'>; snapshot: Snapshot | null } {
  const options: Omit<MutableOptions, 'id'> = {
    electionTicks: ELECTION_TICKS,
    heartbeatTicks: 1,
    maxAppendBytes: NO_LIMIT,
    maxInflightMessages: 2 ** 31 - 1,
  };
  const start = { index: 0, voters: [] as number[], learners: [] as number[], content: '' };
  for (const { key, values } of args) {
    const [first = ''] = values;
    const on = first === 'true';
    if (key === 'voters') start.voters = values.map(Number);
    else if (key === 'learners') start.learners = values.map(Number);
    else if (key === 'index') start.index = options.applied = Number(first);
    else if (key === 'content') start.content = first;
    else if (key === 'inflight') options.maxInflightMessages = Number(first);
    else if (key === 'async-storage-writes') options.asyncStorageWrites = on;
    else if (key === 'prevote') options.preVote = on;
    else if (key === 'checkquorum') options.checkQuorum = on;
    else if (key === 'max-committed-size-per-ready') options.maxCommittedBytesPerReady = Number(first);
    else if (key === 'disable-conf-change-validation') options.disableConfChangeValidation = on;
    else if (key === 'read-only') options.readOnly = first as 'safe' | 'lease-based';
    else if (key === 'step-down-on-removal') options.stepDownOnRemoval = on;
    else throw new Error(`unknown argument ${key}`);
  }
  const { content, index, learners, voters } = start;
  if (index === 0 && voters.length === 0 && learners.length === 0 && content === '') return { options, snapshot: null };
  const confState = { ...EMPTY_CONF_STATE, voters, learners };
  return { options, snapshot: { index, term: 1, confState, data: bytes(content) } };
}

/** A refused config change left an empty entry in the log: that is no error here. */
function refuseDropped(result: ProposeResult): void {
  if (!result.ok && DROPS.has(result.reason)) throw new Error('raft proposal dropped');
}

function stepError(reason: string): string {
  if (reason === 'unknown-peer') return 'raft: cannot step as peer not found';
  if (reason === 'local-message') return 'raft: cannot step raft local message';
  return DROPS.has(reason) ? 'raft proposal dropped' : reason;
}

function isDue(message: Message, to: number, type: MessageType | null, drop: boolean): boolean {
  const local =
    message.from === message.to || message.from === LOCAL_APPEND_THREAD || message.from === LOCAL_APPLY_THREAD;
  // What a member tells itself cannot be lost.
  return message.to === to && (type === null || message.type === type) && !(drop && local);
}

function messageType(name: string): MessageType {
  const type = (MessageType as Readonly<Record<string, MessageType>>)[name.replace(/^Msg/, '')];
  if (type === undefined) throw new Error(`unknown message type ${name}`);
  return type;
}

function transitionOf(name: string): ConfChangeTransition {
  if (name === 'auto') return ConfChangeTransition.Auto;
  if (name === 'implicit') return ConfChangeTransition.JointImplicit;
  if (name === 'explicit') return ConfChangeTransition.JointExplicit;
  throw new Error(`unknown transition ${name}`);
}

function option(args: readonly Argument[], key: string): string | undefined {
  return args.find((arg) => arg.key === key)?.values[0];
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
