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
import type { Argument } from './script.js';

export const ELECTION_TICKS = 3;
const NO_DATA = new Uint8Array(0);
const BLANK: Snapshot = { index: 0, term: 0, confState: EMPTY_CONF_STATE, data: NO_DATA };

type Setup = { -readonly [K in keyof Omit<RaftOptions, 'id'>]: RaftOptions[K] };

export class ScriptMember {
  readonly log = new MemoryLog();
  readonly node: RawNode;
  readonly asynchronous: boolean;
  /** Work that waits for the storage threads. */
  readonly appendWork: Message[] = [];
  readonly applyWork: Message[] = [];
  private state: Snapshot;

  constructor(
    readonly id: number,
    setup: Setup,
    start: Snapshot | null,
  ) {
    this.state = start ?? BLANK;
    if (start !== null) this.log.install(start);
    // Who asks for a snapshot gets the newest state.
    this.log.snapshotSource = () => this.state;
    this.node = new RawNode({ storage: this.log, random: (max) => max - 1 }, { ...setup, id });
    this.asynchronous = setup.asyncStorageWrites ?? false;
  }

  snapshot(): Snapshot {
    return this.state;
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
    const on = first === 'true';
    if (key === 'voters') voters = values.map(Number);
    else if (key === 'learners') learners = values.map(Number);
    else if (key === 'index') index = setup.applied = Number(first);
    else if (key === 'content') content = first;
    else if (key === 'inflight') setup.maxInflightMessages = Number(first);
    else if (key === 'async-storage-writes') setup.asyncStorageWrites = on;
    else if (key === 'prevote') setup.preVote = on;
    else if (key === 'checkquorum') setup.checkQuorum = on;
    else if (key === 'max-committed-size-per-ready') setup.maxCommittedBytesPerReady = Number(first);
    else if (key === 'disable-conf-change-validation') setup.disableConfChangeValidation = on;
    else if (key === 'read-only') setup.readOnly = first as 'safe' | 'lease-based';
    else if (key === 'step-down-on-removal') setup.stepDownOnRemoval = on;
    else throw new Error(`unknown argument ${key}`);
  }
  if (args.every(({ key }) => !['voters', 'learners', 'index', 'content'].includes(key))) return { setup, start: null };
  if (index <= 1) throw new Error('index must be specified as > 1 due to bootstrap');
  const confState = { ...EMPTY_CONF_STATE, voters, learners };
  return { setup, start: { index, term: 1, confState, data: new TextEncoder().encode(content) } };
}
