/**
 * A cluster to which everything happens that may happen to one: messages lost, doubled and out of order, crashes at any
 * point between two writes, members added and removed, reads from disk that take their time. A list of numbers says
 * what; so a failure replays, and shrinks. After every step the properties of Raft are checked (dissertation, figure
 * 3.2), and that no read is stale. Where `damage` is on, members lose what they had acknowledged, too, as long as a quorum
 * did not.
 */
import {
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
  type MemberRecovery,
  type RaftOptions,
  RawNode,
  type Snapshot,
  StateType,
} from '../src/index.js';
import { MemoryLog } from '../src/testing/index.js';
import { bytes, confChange } from './network.js';

const MEMBERS = 5;
const START: Snapshot = {
  index: 5,
  term: 1,
  confState: { ...EMPTY_CONF_STATE, voters: [1, 2, 3] },
  data: new Uint8Array(0),
};

export interface ChaosDamage {
  /** Whether a member notices; one that does not is a planted bug. */
  readonly noticed: boolean;
}

interface ChaosMember {
  readonly id: number;
  readonly log: MemoryLog;
  node: RawNode;
  state: Snapshot;
  /** The state as it survives damage. */
  flushed: Snapshot;
  /** Durable. */
  recovering: MemberRecovery | null;
  /** Asynchronous mode: work that the storage threads have not done yet. */
  appendWork: Message[];
  applyWork: Message[];
}

export class ChaosCluster {
  readonly members: ChaosMember[] = [];
  private wire: Message[] = [];
  /** Whom nobody reaches. */
  private readonly isolated = new Set<number>();
  private readonly leaderOfTerm = new Map<number, number>();
  /** What anybody applied, by index: `term/data`. */
  private readonly applied: string[] = [];
  /** The highest index that anybody applied, when a read was asked for: by its number. */
  private readonly reads = new Map<number, number>();
  private nextRead = 1;
  private nextValue = 1;
  answeredReads = 0;
  elections = 0;
  damages = 0;
  recoveries = 0;
  configurations = new Set<string>();

  constructor(
    private readonly options: Omit<RaftOptions, 'id'>,
    private readonly random: (exclusiveMax: number) => number,
    private readonly damage: ChaosDamage | null = null,
  ) {
    for (let id = 1; id <= MEMBERS; id++) this.members.push(this.create(id));
  }

  get maxApplied(): number {
    return Math.max(START.index, this.applied.length - 1);
  }

  act(choice: number): void {
    const member = this.members[choice % MEMBERS] as ChaosMember;
    const detail = Math.floor(choice / MEMBERS / 100);
    const kind = Math.floor(choice / MEMBERS) % 100;
    if (kind < 12) for (const { node } of this.members) node.tick();
    else if (kind < 22) this.takeReady(member);
    else if (kind < 30) this.runAppend(member);
    else if (kind < 36) this.runApply(member);
    else if (kind < 52) this.deliver(detail, 1 + (detail % 3));
    else if (kind < 80) this.turn(detail);
    else if (kind < 86) member.node.propose([bytes(`v${this.nextValue++}`)]);
    else this.disturb(kind, member, detail);
    this.check();
  }

  /** Ends every disturbance, and lets time pass until all agree. */
  comeToRest(): void {
    this.isolated.clear();
    for (let round = 0; round < 400; round++) {
      for (const member of this.members) {
        this.fetch(member);
        member.node.tick();
        this.work(member);
      }
      for (let hop = 0; hop < 10 && this.wire.length > 0; hop++) {
        const due = this.wire;
        this.wire = [];
        for (const message of due) this.hand(message);
        for (const member of this.members) this.work(member);
      }
      this.check();
    }
  }

  /** The one leader of the highest term. */
  leader(): ChaosMember | undefined {
    const leaders = this.members.filter(({ node }) => node.state === StateType.Leader);
    return leaders.sort((a, b) => b.node.term - a.node.term)[0];
  }

  appliedOf(member: ChaosMember): string {
    return new TextDecoder().decode(member.state.data);
  }

  private disturb(kind: number, member: ChaosMember, detail: number): void {
    const peer = 1 + (detail % MEMBERS);
    if (kind === 86) this.lose(detail % (this.wire.length + 1));
    else if (kind === 87 && this.wire.length > 0) this.wire.push(this.wire[detail % this.wire.length] as Message);
    else if (kind === 88 && this.damage !== null && detail % 2 === 0) this.loseEntries(member, detail >> 1);
    else if (kind === 88) this.crash(member);
    else if (kind === 89) this.isolated.add(member.id);
    else if (kind < 91) this.isolated.clear();
    else if (kind < 93) this.proposeChange(member, detail);
    else if (kind === 93) this.compact(member, detail);
    else if (kind === 94) member.node.transferLeadership(peer);
    else if (kind < 97) this.read(member);
    else if (kind === 97) member.node.reportDisconnected(peer);
    else if (kind === 98) member.log.evict(member.log.lastIndex());
    else if (detail % 2 === 0) member.node.reportUnreachable(peer);
    else member.node.forgetLeader();
  }

  private create(id: number): ChaosMember {
    const log = new MemoryLog();
    const blank: Snapshot = { ...START, index: 0, term: 0, confState: EMPTY_CONF_STATE };
    const state = START.confState.voters.includes(id) ? START : blank;
    if (state === START) {
      log.install(START);
      log.hardState = { term: 1, vote: 0, commit: START.index };
    }
    const storage = { log, state, flushed: state, recovering: null };
    const member = { id, ...storage, appendWork: [], applyWork: [] } as unknown as ChaosMember;
    log.snapshotSource = () => (member.state.index === 0 ? 'unavailable' : member.state);
    member.node = this.boot(member);
    return member;
  }

  private boot({ id, log, recovering, state }: ChaosMember): RawNode {
    log.confState = state.confState;
    const applied = Math.max(state.index, log.firstIndex() - 1);
    return new RawNode({ storage: log, random: this.random }, { ...this.options, id, applied, recovering });
  }

  /** What is durable stays, and nothing else. */
  private crash(member: ChaosMember): void {
    member.appendWork = [];
    member.applyWork = [];
    member.log.fetch();
    member.node = this.boot(member);
  }

  /** It comes up again with the end of its log missing, or all of it, and knows, unless it is not to notice. */
  private loseEntries(member: ChaosMember, detail: number): void {
    const { log, recovering } = member;
    const unwell = this.unwell().concat(member.id);
    if (this.members.some(({ state }) => !isQuorumWithout(state.confState, unwell))) return;
    const span = log.lastIndex() - log.firstIndex() + 2;
    const highWaterIndex = Math.max(recovering?.highWaterIndex ?? 0, log.lastIndex());
    log.truncate(log.lastIndex() - (detail % span));
    const { commit, term, vote } = log.hardState;
    // Once in a while term and vote are gone as well.
    const forgets = detail % 16 === 5 && this.members.every((other) => other.recovering?.voteProven ?? true);
    if (member.flushed.index > log.lastIndex()) log.install(member.flushed);
    member.state = member.flushed;
    const last = log.lastIndex();
    const lastTerm = log.term(last);
    log.hardState = {
      term: forgets ? Number(lastTerm) : term,
      vote: forgets ? 0 : vote,
      commit: Math.min(commit, last),
    };
    this.damages++;
    if (this.damage?.noticed === true) {
      const highWaterTerm = Math.max(recovering?.highWaterTerm ?? 0, term);
      const voteProven = !forgets && (recovering?.voteProven ?? true);
      member.recovering = { highWaterIndex, highWaterTerm, voteProven };
    }
    this.crash(member);
  }

  private unwell(): number[] {
    return this.members.filter(({ recovering }) => recovering !== null).map(({ id }) => id);
  }

  /** Whether what is left of some configuration's voters is no quorum: the limit of what recovers by itself. */
  isTornByDamage(): boolean {
    const unwell = this.unwell();
    return this.members.some(({ state }) => !isQuorumWithout(state.confState, unwell));
  }

  private endRecovery(member: ChaosMember): void {
    const { recovery } = member.node;
    if (recovery === null || !recovery.refetched || !recovery.voteProven) return;
    member.recovering = null;
    member.node.endRecovery();
    this.recoveries++;
  }

  private takeReady(member: ChaosMember): void {
    const { node } = member;
    this.endRecovery(member);
    if (!node.hasReady()) return;
    const ready = node.ready();
    for (const { context, index } of ready.readStates) this.checkRead(context, index);
    const asynchronous = this.options.asyncStorageWrites ?? false;
    if (!asynchronous) {
      const { hardState } = ready;
      this.persist(member, hardState, ready.entries, ready.snapshot);
    }
    for (const message of ready.messages) {
      if (message.to === LOCAL_APPEND_THREAD) member.appendWork.push(message);
      else if (message.to === LOCAL_APPLY_THREAD) member.applyWork.push(message);
      else this.wire.push(message);
    }
    if (asynchronous) return;
    this.apply(member, ready.committedEntries);
    node.advance();
  }

  private runAppend(member: ChaosMember): void {
    this.fetch(member);
    const work = member.appendWork.shift();
    if (work === undefined) return;
    const { commit, term, vote } = work;
    this.persist(member, term === 0 ? null : { term, vote, commit }, work.entries, work.snapshot);
    this.answer(member, work.responses);
  }

  private runApply(member: ChaosMember): void {
    this.fetch(member);
    const work = member.applyWork.shift();
    if (work === undefined) return;
    this.apply(member, work.entries);
    this.answer(member, work.responses);
  }

  private answer(member: ChaosMember, responses: readonly Message[]): void {
    for (const response of responses) {
      if (response.to === member.id) member.node.step(response);
      else this.wire.push(response);
    }
  }

  private persist(
    member: ChaosMember,
    hardState: MemoryLog['hardState'] | null,
    entries: readonly Entry[],
    snapshot: Snapshot | null,
  ): void {
    if (hardState !== null) member.log.hardState = hardState;
    if (snapshot !== null) {
      member.log.install(snapshot);
      member.state = snapshot;
      member.flushed = snapshot;
    }
    member.log.append(entries);
  }

  private apply(member: ChaosMember, entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.index <= member.state.index) continue;
      if (entry.index !== member.state.index + 1) {
        throw new Error(`member ${member.id} applies ${entry.index} behind ${member.state.index}`);
      }
      const text = `${entry.term}/${new TextDecoder().decode(entry.data)}`;
      this.applied[entry.index] ??= text;
      if (this.applied[entry.index] !== text) {
        throw new Error(`at ${entry.index} member ${member.id} applies ${text}, another ${this.applied[entry.index]}`);
      }
      let { confState } = member.state;
      if (isConfChange(entry)) {
        confState = member.node.applyConfChange(decodeConfChange(entry));
        this.configurations.add(JSON.stringify(confState));
      }
      const before = new TextDecoder().decode(member.state.data);
      const data = isConfChange(entry) ? member.state.data : bytes(before + text.slice(text.indexOf('/')));
      member.state = { index: entry.index, term: entry.term, confState, data };
    }
  }

  /** Everybody does what is due, and some messages arrive. */
  private turn(detail: number): void {
    for (const member of this.members) {
      this.takeReady(member);
      if (detail % 3 !== 0) this.runAppend(member);
      if (detail % 5 !== 0) this.runApply(member);
    }
    this.deliver(detail, 6);
  }

  private deliver(detail: number, count: number): void {
    for (let i = 0; i < count && this.wire.length > 0; i++) {
      // Mostly in order, now and then not.
      const at = detail % 4 === 0 ? (detail + i) % this.wire.length : 0;
      const [message] = this.wire.splice(at, 1);
      this.hand(message as Message);
    }
  }

  private hand(message: Message): void {
    const lost = this.isolated.has(message.from) || this.isolated.has(message.to);
    if (!lost) (this.members[message.to - 1] as ChaosMember).node.step(message);
    this.report(message, lost ? 'failed' : 'finished');
  }

  private lose(at: number): void {
    const [message] = this.wire.splice(at, 1);
    if (message !== undefined) this.report(message, 'failed');
  }

  /** However it ends: a leader sends nothing else to a member whose snapshot it is not told about. */
  private report({ from, to, type }: Message, outcome: 'finished' | 'failed'): void {
    if (type === MessageType.Snap) (this.members[from - 1] as ChaosMember).node.reportSnapshot(to, outcome);
  }

  private proposeChange({ node }: ChaosMember, detail: number): void {
    const one = (n: number): ConfChangeSingle => ({
      type: ([0, 1, 3, 0] as const)[n % 4] ?? 0,
      nodeId: 1 + (Math.floor(n / 4) % MEMBERS),
    });
    const changes = detail % 3 === 0 ? [one(detail), one(detail >> 3), one(detail >> 6)] : [one(detail)];
    node.proposeConfChange(confChange(changes, (detail % 5) % 2 === 0 ? ConfChangeTransition.Auto : 1));
  }

  private compact(member: ChaosMember, detail: number): void {
    const { log, state } = member;
    member.flushed = state;
    const index = state.index - (detail % 4);
    if (index >= log.firstIndex() && index <= log.lastIndex()) log.compact(index);
  }

  private read({ node }: ChaosMember): void {
    const number = this.nextRead++;
    this.reads.set(number, this.maxApplied);
    node.readIndex(number);
  }

  private checkRead(number: number, index: number): void {
    const least = this.reads.get(number) ?? 0;
    if (index < least) throw new Error(`read ${number} may see ${index}; ${least} was applied before it was asked`);
    this.answeredReads++;
  }

  private fetch(member: ChaosMember): void {
    member.log.fetch();
    member.node.entriesFetched();
  }

  private work(member: ChaosMember): void {
    while (member.node.hasReady() || member.appendWork.length > 0 || member.applyWork.length > 0) {
      this.takeReady(member);
      this.runAppend(member);
      this.runApply(member);
    }
  }

  private check(): void {
    for (const member of this.members) {
      const { node } = member;
      const status = node.status();
      if (status.applied > status.commit || status.commit > status.lastIndex) {
        throw new Error(`member ${member.id}: ${status.applied} <= ${status.commit} <= ${status.lastIndex} is broken`);
      }
      if (node.state !== StateType.Leader) continue;
      const known = this.leaderOfTerm.get(node.term);
      if (known === member.id) continue;
      if (known !== undefined) throw new Error(`term ${node.term} has two leaders, ${known} and ${member.id}`);
      this.leaderOfTerm.set(node.term, member.id);
      this.elections++;
      if (status.lastIndex < this.maxApplied) {
        throw new Error(
          `leader ${member.id} of term ${node.term} ends at ${status.lastIndex}; ${this.maxApplied} is applied`,
        );
      }
    }
  }
}

function isQuorumWithout({ voters, votersOutgoing }: ConfState, ids: readonly number[]): boolean {
  return [voters, votersOutgoing].every((half) => {
    const left = half.filter((id) => !ids.includes(id)).length;
    return half.length === 0 || left * 2 > half.length;
  });
}

/**
 * A limit of config changes that take effect at apply: a voter in somebody's configuration knows already that it is none.
 * Where its log is the longer one, it refuses a vote that the other needs. It takes a leader that removed itself; hosts
 * hand over first.
 */
export function isTornByRemoval(members: readonly { id: number; state: Snapshot }[]): boolean {
  const votes = (id: number, { voters, votersOutgoing }: ConfState): boolean =>
    voters.includes(id) || votersOutgoing.includes(id);
  return members.some(
    ({ id, state }) => !votes(id, state.confState) && members.some((other) => votes(id, other.state.confState)),
  );
}
