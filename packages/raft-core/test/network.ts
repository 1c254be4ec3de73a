/**
 * Members in one process, joined by a network that does what a test tells it: cut, hold back, drop. Nothing is random
 * and nothing takes time, so that every run is the same.
 */
import {
  type ConfChange,
  type ConfChangeSingle,
  ConfChangeTransition,
  type ConfState,
  decodeConfChange,
  EMPTY_CONF_STATE,
  type Entry,
  isConfChange,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  MessageType,
  type RaftOptions,
  RawNode,
  type ReadState,
  type Ready,
  type Snapshot,
  StateType,
} from '../src/index.js';
import { MemoryLog } from '../src/testing/index.js';

export type MemberOptions = Omit<RaftOptions, 'id'>;

export class Member {
  readonly log = new MemoryLog();
  node: RawNode;
  /** Payloads applied, as text. Empty entries leave none. */
  applied: string[] = [];
  readStates: ReadState[] = [];
  confState: ConfState;
  appliedIndex = 0;
  private starts = 0;
  private appliedTerm = 0;

  constructor(
    readonly id: number,
    private readonly options: MemberOptions,
    start: Snapshot | null,
  ) {
    this.confState = start?.confState ?? EMPTY_CONF_STATE;
    if (start !== null) {
      this.log.install(start);
      this.log.hardState = { term: start.term, vote: 0, commit: start.index };
      this.appliedIndex = start.index;
      this.appliedTerm = start.term;
    }
    this.log.snapshotSource = () => this.snapshot();
    this.node = this.boot();
  }

  get leads(): boolean {
    return this.node.state === StateType.Leader;
  }

  /** Crashes and starts again from what is durable. */
  restart(options: Partial<MemberOptions> = {}): void {
    this.log.confState = this.confState;
    this.starts++;
    this.node = this.boot(options);
  }

  /** Crashes, loses the entries after `last`, and knows. Its state goes back to where the log begins. */
  damage(last: number, voteProven = true): void {
    const highWaterIndex = this.log.lastIndex();
    const { commit, term, vote } = this.log.hardState;
    this.log.truncate(last);
    const lastTerm = this.log.term(last);
    if (typeof lastTerm !== 'number') throw new Error(`there is no entry ${last}`);
    const kept = voteProven ? { term, vote } : { term: lastTerm, vote: 0 };
    this.log.hardState = { ...kept, commit: Math.min(commit, last) };
    this.applied = [];
    this.appliedIndex = this.log.firstIndex() - 1;
    this.restart({ recovering: { highWaterIndex, highWaterTerm: term, voteProven } });
  }

  snapshot(): Snapshot {
    const data = new TextEncoder().encode(this.applied.join('\n'));
    return { index: this.appliedIndex, term: this.appliedTerm, confState: this.confState, data };
  }

  /** One Ready, done as a host in synchronous mode does it. Returns what is to be sent. */
  handleReady(): readonly Message[] {
    const ready = this.node.ready();
    this.readStates.push(...ready.readStates);
    this.persist(ready);
    this.apply(ready.committedEntries);
    this.node.advance();
    return ready.messages;
  }

  persist({ entries, hardState, snapshot }: Pick<Ready, 'entries' | 'hardState' | 'snapshot'>): void {
    if (hardState !== null) this.log.hardState = hardState;
    if (snapshot !== null) {
      this.log.install(snapshot);
      const text = new TextDecoder().decode(snapshot.data);
      this.applied = text === '' ? [] : text.split('\n');
      this.confState = snapshot.confState;
      this.appliedIndex = snapshot.index;
      this.appliedTerm = snapshot.term;
    }
    this.log.append(entries);
  }

  apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (isConfChange(entry)) this.confState = this.node.applyConfChange(decodeConfChange(entry));
      else if (entry.data.length > 0) this.applied.push(new TextDecoder().decode(entry.data));
      this.appliedIndex = entry.index;
      this.appliedTerm = entry.term;
    }
  }

  private boot(changed: Partial<MemberOptions> = {}): RawNode {
    const options = { ...this.options, applied: this.appliedIndex, ...changed };
    const random = (max: number): number => (this.id * 7 + this.starts * 3) % max;
    return new RawNode({ storage: this.log, random }, { ...options, id: this.id });
  }
}

export class Network {
  readonly members = new Map<number, Member>();
  /** Messages on their way, in order. */
  wire: Message[] = [];
  /** What is lost on the way. */
  lose: (message: Message) => boolean = () => false;
  /** Every message that was handed to the network. */
  sent: Message[] = [];

  constructor(readonly options: MemberOptions = {}) {}

  /** Members that start from one snapshot, so that they know each other. */
  static of(
    voters: readonly number[],
    options: MemberOptions = {},
    rest: Partial<ConfState> = {},
    index = 10,
  ): Network {
    const network = new Network(options);
    const confState = { ...EMPTY_CONF_STATE, voters, ...rest };
    const start: Snapshot = { index, term: 1, confState, data: new Uint8Array(0) };
    for (const id of new Set([...voters, ...confState.votersOutgoing, ...confState.learners])) network.add(id, start);
    return network;
  }

  /** A blank member, which waits to be told everything. */
  add(id: number, start: Snapshot | null = null): Member {
    const member = new Member(id, this.options, start);
    this.members.set(id, member);
    return member;
  }

  get(id: number): Member {
    const member = this.members.get(id);
    if (member === undefined) throw new Error(`there is no member ${id}`);
    return member;
  }

  leader(): Member {
    const leaders = [...this.members.values()].filter(({ leads }) => leads);
    leaders.sort((a, b) => b.node.term - a.node.term);
    if (leaders[0] === undefined) throw new Error('nobody leads');
    return leaders[0];
  }

  /** Everything between these members and the others is lost. */
  isolate(...ids: number[]): void {
    this.lose = ({ from, to }) => ids.includes(from) !== ids.includes(to);
  }

  heal(): void {
    this.lose = () => false;
  }

  /** Takes the Readys of all, without delivering anything. */
  flush(): void {
    for (const { id } of this.members.values()) this.flushOne(id);
  }

  flushOne(id: number): void {
    const member = this.get(id);
    while (member.node.hasReady()) {
      for (const message of member.handleReady()) {
        this.sent.push(message);
        this.wire.push(message);
      }
    }
  }

  /** Delivers what is on its way, and what comes of it, until nothing is left. */
  settle(): void {
    this.flush();
    for (let rounds = 0; this.wire.length > 0; rounds++) {
      if (rounds > 1000) throw new Error(`the network does not come to rest; ${this.wire.length} messages are left`);
      const due = this.wire;
      this.wire = [];
      for (const message of due) if (!this.lose(message)) this.deliver(message);
      this.flush();
    }
  }

  deliver(message: Message): void {
    const member = this.members.get(message.to);
    if (member === undefined) return;
    member.node.step(message);
    if (message.type === MessageType.Snap) this.members.get(message.from)?.node.reportSnapshot(message.to, 'finished');
  }

  campaign(id: number): Member {
    this.get(id).node.campaign();
    this.settle();
    return this.get(id);
  }

  /** Time passes for these members, one tick for each in turn. */
  tick(count: number, ids: readonly number[] = [...this.members.keys()]): void {
    for (let i = 0; i < count; i++) {
      for (const id of ids) this.get(id).node.tick();
      this.settle();
    }
  }

  propose(id: number, ...texts: string[]): ReturnType<RawNode['propose']> {
    const result = this.get(id).node.propose(texts.map((text) => new TextEncoder().encode(text)));
    this.settle();
    return result;
  }

  change(id: number, ...changes: ConfChangeSingle[]): ReturnType<RawNode['propose']> {
    const result = this.get(id).node.proposeConfChange(confChange(changes));
    this.settle();
    return result;
  }
}

export function confChange(
  changes: readonly ConfChangeSingle[],
  transition: ConfChangeTransition = ConfChangeTransition.Auto,
): ConfChange {
  return { transition, changes, context: new Uint8Array(0) };
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function isLocalWork(message: Message): boolean {
  return message.to === LOCAL_APPEND_THREAD || message.to === LOCAL_APPLY_THREAD;
}

/** Of a type, from one to another. */
export function between(type: MessageType, from: number, to: number): (message: Message) => boolean {
  return (message) => message.type === type && message.from === from && message.to === to;
}
