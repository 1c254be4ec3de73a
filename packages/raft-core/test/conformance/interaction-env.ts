/**
 * Runs the interaction scripts: a network of members in one process, in which every step is a command. Messages wait
 * until they are delivered; in asynchronous mode, storage work waits until its thread runs.
 */
import {
  ConfChangeTransition,
  type Entry,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  Message,
  MessageType,
  NO_LIMIT,
  NO_MESSAGES,
  type ProposeResult,
} from '../../src/index.js';
import {
  describeEntries,
  describeMessage,
  describeProgress,
  describeReady,
  describeState,
} from '../../src/testing/index.js';
import { parseChanges } from './conf-change-words.js';
import { type Argument, type Block, parseLine, readBoolean } from './script.js';
import { ELECTION_TICKS, readSetup, ScriptMember } from './script-member.js';

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'NONE'];
/** Drops of proposals, which the reference tells by one text. */
const DROPS = new Set(['no-leader', 'forwarding-disabled', 'transferring', 'uncommitted-limit', 'not-member']);
const STEP_ERRORS: Readonly<Record<string, string>> = {
  'unknown-peer': 'raft: cannot step as peer not found',
  'local-message': 'raft: cannot step raft local message',
};
const TRANSITIONS: Readonly<Record<string, ConfChangeTransition>> = {
  auto: ConfChangeTransition.Auto,
  implicit: ConfChangeTransition.JointImplicit,
  explicit: ConfChangeTransition.JointExplicit,
};

export type Args = readonly Argument[];
export type Command = (args: Args, input: string) => void;

export class InteractionEnv {
  protected readonly members: ScriptMember[] = [];
  private messages: Message[] = [];
  private output = '';
  private quiet = false;

  protected readonly commands: Readonly<Record<string, Command>> = {
    _breakpoint: () => {},
    'add-nodes': (args) => this.addNodes(args),
    campaign: (args) => this.first(args).node.campaign(),
    compact: (args) => this.compact(args),
    'deliver-msgs': (args) => this.deliverCommand(args),
    'forget-leader': (args) => this.first(args).node.forgetLeader(),
    'log-level': (args) => this.setLevel(args[0]?.key ?? ''),
    'process-append-thread': (args) => this.each(args, 'processing append thread', (member) => this.runAppend(member)),
    'process-apply-thread': (args) => this.each(args, 'processing apply thread', (member) => this.runApply(member)),
    'process-ready': (args) => this.each(args, 'handling Ready', (member) => this.processReady(member)),
    propose: (args) => this.propose(args),
    'propose-conf-change': (args, input) => this.proposeConfChange(args, input),
    'raft-log': (args) => this.raftLog(this.first(args)),
    'raft-state': () => this.raftState(),
    'report-unreachable': (args) => this.reportUnreachable(args),
    'send-snapshot': (args) => this.sendSnapshot(args),
    'set-randomized-election-timeout': (args) =>
      this.first(args).node.setRandomizedElectionTicks(Number(option(args, 'timeout'))),
    stabilize: (args) => this.stabilizeCommand(args),
    status: (args) => this.status(this.first(args)),
    'tick-election': (args) => this.tick(this.first(args), ELECTION_TICKS),
    'tick-heartbeat': (args) => this.tick(this.first(args), 1),
    'transfer-leadership': (args) =>
      this.member(Number(option(args, 'from'))).node.transferLeadership(Number(option(args, 'to'))),
  };

  /** The output of one block. The level `none` silences all but errors. */
  handle({ args, command, input }: Block): string {
    this.output = '';
    let error = this.run(command, args, input);
    // Of a command that takes no input, the lines of it are commands as well. They are not run where it fails; where one
    // of them fails, those behind it are, unless nothing but the error is to be heard.
    if (command !== 'propose-conf-change' && error === null) {
      for (const line of input.split('\n')) {
        if (line.trim() === '') continue;
        const next = parseLine(line);
        error = this.run(next.command, next.args, '');
        if (error !== null && this.quiet) break;
      }
    }
    if (error !== null && this.quiet) return error;
    return this.output === '' ? 'ok' : this.output;
  }

  /** The text of the error, which is written as well; null where there is none. */
  private run(command: string, args: Args, input: string): string | null {
    try {
      const run = this.commands[command];
      if (run === undefined) throw new Error('unknown command');
      run(args, input);
    } catch (error) {
      const text = (error as Error).message;
      this.write(text);
      return text;
    }
    return null;
  }

  protected write(text: string): void {
    if (!this.quiet) this.output += text;
  }

  private addNodes(args: Args): void {
    const count = Number(args[0]?.key);
    const { setup, start } = readSetup(args.slice(1));
    for (let i = 0; i < count; i++) this.members.push(new ScriptMember(this.members.length + 1, setup, start));
  }

  private compact(args: Args): void {
    const member = this.first(args);
    const index = Number(args[1]?.key);
    if (index < member.log.firstIndex()) throw new Error('requested index is unavailable due to compaction');
    member.log.compact(index);
    this.raftLog(member);
  }

  private propose(args: Args): void {
    const data = new TextEncoder().encode(args[1]?.key ?? '');
    throwIfDropped(this.first(args).node.propose([data]));
  }

  private proposeConfChange(args: Args, input: string): void {
    const unknown = args.find(({ key, values }) => values.length > 0 && key !== 'v1' && key !== 'transition');
    if (unknown !== undefined) throw new Error(`unknown command ${unknown.key}`);
    const old = readBoolean(option(args, 'v1') ?? 'false');
    const name = option(args, 'transition') ?? 'auto';
    const transition = TRANSITIONS[name];
    if (transition === undefined) throw new Error(`unknown transition ${name}`);
    const changes = parseChanges(input);
    if (old && (changes.length > 1 || transition !== ConfChangeTransition.Auto)) {
      throw new Error('v1 conf change can only have one operation and no transition');
    }
    const change = { transition, changes, context: new Uint8Array(0) };
    // A refused one leaves an empty entry in the log: no error here.
    throwIfDropped(this.first(args).node.proposeConfChange(change, old ? 'v1' : 'v2'));
  }

  private processReady(member: ScriptMember): void {
    const ready = member.node.ready();
    this.write(describeReady(ready));
    if (!member.asynchronous) {
      member.persist(ready.hardState, ready.entries, ready.snapshot);
      member.apply(ready.committedEntries);
    }
    for (const message of ready.messages) {
      if (message.to === LOCAL_APPEND_THREAD) member.appendWork.push(message);
      else if (message.to === LOCAL_APPLY_THREAD) member.applyWork.push(message);
      else this.messages.push(message);
    }
    if (!member.asynchronous) member.node.advance();
  }

  private runAppend(member: ScriptMember): void {
    this.runWork(member.appendWork.shift(), 'no append work to perform', (work) => {
      const { commit, term, vote } = work;
      const moved = term !== 0 || vote !== 0 || commit !== 0;
      member.persist(moved ? { term, vote, commit } : null, work.entries, work.snapshot);
    });
  }

  private runApply(member: ScriptMember): void {
    this.runWork(member.applyWork.shift(), 'no apply work to perform', (work) => member.apply(work.entries));
  }

  private runWork(work: Message | undefined, none: string, run: (work: Message) => void): void {
    if (work === undefined) {
      this.write(none);
      return;
    }
    const shown = Object.assign(new Message(work.type), work, { responses: NO_MESSAGES });
    this.write(`Processing:\n${describeMessage(shown)}\n`);
    run(work);
    this.write('Responses:\n');
    for (const response of work.responses) this.write(`${describeMessage(response)}\n`);
    this.messages.push(...work.responses);
  }

  private deliverCommand(args: Args): void {
    const name = option(args, 'type');
    const type = name === undefined ? null : messageType(name);
    const dropped = args.find(({ key }) => key === 'drop')?.values ?? [];
    let count = 0;
    // In the order in which they are named: it decides the order of what is printed.
    for (const { key, values } of args) {
      if (values.length === 0) {
        if (dropped.includes(key)) throw new Error(`can't both deliver and drop msgs to ${key}`);
        count += this.deliver(Number(key), type, false);
      } else if (key === 'drop') {
        for (const id of values) count += this.deliver(Number(id), type, true);
      }
    }
    if (count === 0) this.write('no messages\n');
  }

  private deliver(id: number, type: MessageType | null, drop: boolean): number {
    const due = this.messages.filter((message) => isDue(message, id, type, drop));
    this.messages = this.messages.filter((message) => !due.includes(message));
    for (const message of due) {
      this.write(`${drop ? 'dropped: ' : ''}${describeMessage(message)}\n`);
      if (drop) continue;
      const result = this.member(id).node.step(message);
      if (result.ok) continue;
      const dropped = DROPS.has(result.reason) ? 'raft proposal dropped' : undefined;
      const text = STEP_ERRORS[result.reason] ?? dropped;
      if (text !== undefined) this.write(`${text}\n`);
    }
    return due.length;
  }

  private stabilizeCommand(args: Args): void {
    const before = this.quiet;
    const level = option(args, 'log-level');
    if (level !== undefined) this.setLevel(level);
    const named = this.named(args);
    try {
      this.stabilize(named.length > 0 ? named : this.members);
    } finally {
      this.quiet = before;
    }
  }

  private stabilize(members: readonly ScriptMember[]): void {
    for (let done = false; !done; ) {
      done = true;
      const forEach = (due: (member: ScriptMember) => boolean, title: string, work: (member: ScriptMember) => void) => {
        for (const member of members) {
          if (!due(member)) continue;
          this.titled(`${member.id} ${title}`, () => work(member));
          done = false;
        }
      };
      const hasMessages = ({ id }: ScriptMember) => this.messages.some((message) => isDue(message, id, null, false));
      forEach(
        ({ node }) => node.hasReady(),
        'handling Ready',
        (member) => this.processReady(member),
      );
      forEach(hasMessages, 'receiving messages', ({ id }) => this.deliver(id, null, false));
      forEach(
        ({ appendWork }) => appendWork.length > 0,
        'processing append thread',
        (member) => {
          while (member.appendWork.length > 0) this.runAppend(member);
        },
      );
      forEach(
        ({ applyWork }) => applyWork.length > 0,
        'processing apply thread',
        (member) => {
          while (member.applyWork.length > 0) this.runApply(member);
        },
      );
    }
  }

  private raftLog({ log }: ScriptMember): void {
    const first = log.firstIndex();
    const last = log.lastIndex();
    if (last < first) this.write(`log is empty: first index=${first}, last index=${last}`);
    else this.write(describeEntries(log.entries(first, last + 1, NO_LIMIT) as Entry[]));
  }

  private raftState(): void {
    for (const { id, node } of this.members) {
      const { confState, lead, state, term } = node.status();
      const voter = confState.voters.includes(id) || confState.votersOutgoing.includes(id);
      this.write(`${id}: ${describeState(state)} (${voter ? 'Voter' : 'Non-Voter'}) Term:${term} Lead:${lead}\n`);
    }
  }

  private status({ node }: ScriptMember): void {
    for (const progress of node.status().progress) this.write(`${describeProgress(progress)}\n`);
  }

  private reportUnreachable(args: Args): void {
    const [on, reported] = this.named(args);
    if (on === undefined || reported === undefined || args.length !== 2) {
      throw new Error('must specify exactly two node indexes: node on which to report, and reported node');
    }
    on.node.reportUnreachable(reported.id);
  }

  private sendSnapshot(args: Args): void {
    const sender = this.first(args);
    const message = new Message(MessageType.Snap, Number(args[1]?.key), sender.id, sender.node.term);
    message.snapshot = sender.snapshot();
    this.messages.push(message);
    this.write(describeMessage(message));
  }

  private tick({ node }: ScriptMember, ticks: number): void {
    for (let i = 0; i < ticks; i++) node.tick();
  }

  private setLevel(level: string): void {
    if (!LEVELS.includes(level.toUpperCase())) throw new Error(`log levels must be either of [${LEVELS.join(' ')}]`);
    this.quiet = level.toUpperCase() === 'NONE';
  }

  /** Work of several members has a title and is indented; of one, neither. */
  private each(args: Args, title: string, work: (member: ScriptMember) => void): void {
    const members = this.named(args);
    for (const member of members) {
      if (members.length === 1) work(member);
      else this.titled(`${member.id} ${title}`, () => work(member));
    }
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

  protected named(args: Args): ScriptMember[] {
    return args.filter(({ values }) => values.length === 0).map(({ key }) => this.member(Number(key)));
  }

  protected first(args: Args): ScriptMember {
    return this.member(Number(args[0]?.key));
  }

  protected member(id: number): ScriptMember {
    const member = this.members[id - 1];
    if (member === undefined) throw new Error(`there is no node ${id}`);
    return member;
  }
}

function throwIfDropped(result: ProposeResult): void {
  if (!result.ok && DROPS.has(result.reason)) throw new Error('raft proposal dropped');
}

function isDue(message: Message, to: number, type: MessageType | null, drop: boolean): boolean {
  const { from } = message;
  // What a member tells itself cannot be lost.
  const local = from === message.to || from === LOCAL_APPEND_THREAD || from === LOCAL_APPLY_THREAD;
  return message.to === to && (type === null || message.type === type) && !(drop && local);
}

function messageType(name: string): MessageType {
  const type = (MessageType as Readonly<Record<string, MessageType>>)[name.replace(/^Msg/, '')];
  if (type === undefined) throw new Error(`unknown message type ${name}`);
  return type;
}

export function option(args: Args, key: string): string | undefined {
  return args.find((arg) => arg.key === key)?.values[0];
}
