/** One member of a script's network: its core, its log, and a state machine that appends what it applies. */
import {
  decodeConfChange,
  EMPTY_CONF_STATE,
  type Entry,
  type HardState,
  isConfChange,
  type Message,
  NO_LIMIT,
  type RaftOptions,
  RawNode,
  type Snapshot,
} from '../../src/index.js';
import { MemoryLog } from '../../src/testing/index.js';
import { type Argument, readBoolean } from './script.js';

export const ELECTION_TICKS = 3;
const NO_DATA = new Uint8Array(0);
const BLANK: Snapshot = { index: 0, term: 0, confState: EMPTY_CONF_STATE, data: NO_DATA };

type Setup = { -readonly [K in keyof Omit<RaftOptions, 'id'>]: RaftOptions[K] };

export class ScriptMember {
  readonly log = new MemoryLog();
  node: RawNode;
  readonly asynchronous: boolean;
  /** Work that waits for the storage threads. */
  readonly appendWork: Message[] = [];
  readonly applyWork: Message[] = [];
  private state: Snapshot;

  constructor(
    readonly id: number,
    private readonly setup: Setup,
    start: Snapshot | null,
  ) {
    this.state = start ?? BLANK;
    if (start !== null) this.log.install(start);
    // Who asks for a snapshot gets the newest state.
    this.log.snapshotSource = () => this.state;
    this.node = this.boot({});
    this.asynchronous = setup.asyncStorageWrites ?? false;
  }

  /** Ends, loses the entries after `last` and, where it `forgets`, term and vote, and starts again knowing it. */
  damage(last: number, forgets: boolean): void {
    const highWaterIndex = this.log.lastIndex();
    const { commit, term, vote } = this.log.hardState;
    this.log.truncate(last);
    const kept = Math.max(last, this.log.firstIndex() - 1);
    const keptTerm = Number(this.log.term(kept));
    this.log.hardState = { term: forgets ? keptTerm : term, vote: forgets ? 0 : vote, commit: Math.min(commit, kept) };
    if (this.state.index > kept) this.log.install(this.state);
    this.log.confState = this.state.confState;
    this.appendWork.length = 0;
    this.applyWork.length = 0;
    const recovering = { highWaterIndex, highWaterTerm: term, voteProven: !forgets };
    this.node = this.boot({ recovering, applied: this.state.index });
  }

  snapshot(): Snapshot {
    return this.state;
  }

  private boot(more: Partial<RaftOptions>): RawNode {
    return new RawNode({ storage: this.log, random: (max) => max - 1 }, { ...this.setup, ...more, id: this.id });
  }

  persist(hardState: HardState | null, entries: readonly Entry[], snapshot: Snapshot | null): void {
    if (hardState !== null) this.log.hardState = hardState;
    this.log.append(entries);
    if (snapshot !== null) this.log.install(snapshot);
  }

  apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      let { confState } = this.state;
      let update = entry.data;
      if (isConfChange(entry)) {
        const change = decodeConfChange(entry);
        update = change.context;
        confState = this.node.applyConfChange(change);
      }
      const data = new Uint8Array(this.state.data.length + update.length);
      data.set(this.state.data);
      data.set(update, this.state.data.length);
      this.state = { index: entry.index, term: entry.term, confState, data };
    }
  }
}

function readOnly(name: string): 'safe' | 'lease-based' {
  if (name !== 'safe' && name !== 'lease-based') throw new Error(`invalid read-only option "${name}"`);
  return name;
}

/** What the reference says of options that do not go together, in its words. */
function refuseUnsound({ checkQuorum, maxInflightMessages, readOnly }: Setup): void {
  if (maxInflightMessages === 0) throw new Error('max inflight messages must be greater than 0');
  if (readOnly === 'lease-based' && checkQuorum !== true) {
    throw new Error('CheckQuorum must be enabled when ReadOnlyOption is ReadOnlyLeaseBased');
  }
}

/** Reads the arguments of `add-nodes`. */
export function readSetup(args: readonly Argument[]): { setup: Setup; start: Snapshot | null } {
  const setup: Setup = {
    electionTicks: ELECTION_TICKS,
    heartbeatTicks: 1,
    maxAppendBytes: NO_LIMIT,
    maxInflightMessages: 2 ** 31 - 1,
  };
  let voters: number[] = [];
  let learners: number[] = [];
  let index = 0;
  let content = '';
  for (const { key, values } of args) {
    const [first = ''] = values;
    const on = (): boolean => readBoolean(first);
    if (key === 'voters') voters = values.map(Number);
    else if (key === 'learners') learners = values.map(Number);
    else if (key === 'index') index = setup.applied = Number(first);
    else if (key === 'content') content = first;
    else if (key === 'inflight') setup.maxInflightMessages = Number(first);
    else if (key === 'async-storage-writes') setup.asyncStorageWrites = on();
    else if (key === 'prevote') setup.preVote = on();
    else if (key === 'checkquorum') setup.checkQuorum = on();
    // 0 is no limit.
    else if (key === 'max-committed-size-per-ready') setup.maxCommittedBytesPerReady = Number(first) || NO_LIMIT;
    else if (key === 'disable-conf-change-validation') setup.disableConfChangeValidation = on();
    else if (key === 'read-only') setup.readOnly = readOnly(first);
    else if (key === 'step-down-on-removal') setup.stepDownOnRemoval = on();
    // Our own.
    else if (key === 'crash-failover') setup.crashFailover = on();
    else if (key === 'stalled-leader-handover') setup.stalledLeaderHandover = on();
    else if (key === 'replication-sessions') setup.replicationSessions = on();
    else if (key === 'max-append-bytes') setup.maxAppendBytes = Number(first);
    else if (key === 'max-inflight-bytes') setup.maxInflightBytes = Number(first);
    else throw new Error(`unknown argument ${key}`);
  }
  refuseUnsound(setup);
  // Blank members, where nothing says what they begin with.
  if (voters.length + learners.length + index === 0 && content === '') return { setup, start: null };
  if (index <= 1) throw new Error('index must be specified as > 1 due to bootstrap');
  const confState = { ...EMPTY_CONF_STATE, voters, learners };
  return { setup, start: { index, term: 1, confState, data: new TextEncoder().encode(content) } };
}
