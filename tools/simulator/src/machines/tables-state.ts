/**
 * The state of a member without keys: the tables of members, of the ladder and of standbys, by the server's own code, on a
 * disk that keeps what was flushed. Of client requests it counts the puts, and nothing else of them.
 */
import { EventEmitter } from 'node:events';
import { type ConfChange, type ConfState, EMPTY_CONF_STATE, type SnapshotMeta } from '@understudy/raft-core';
import type { Command, StagedSnapshot, StateMachine, StateSnapshot } from '@understudy/raft-node';
import {
  applyChange,
  applyLadder,
  applyPublication,
  applyRegister,
  CommandKind,
  commandKind,
  commandRequest,
  LadderTable,
  MemberTable,
  refuseChange,
  StandbyTable,
  type Tables,
} from '@understudy/server/testing';

type Row = readonly [key: string, value: string];

interface Image {
  readonly meta: SnapshotMeta;
  /** In hexadecimal, by key. */
  readonly rows: ReadonlyMap<string, string>;
}

const EMPTY: Image = { meta: { index: 0, term: 0, confState: EMPTY_CONF_STATE }, rows: new Map() };
/** First bytes of the rows of the tables, as the server has them. */
const LADDER = 0x04;
const STANDBYS = 0x05;

/** What outlives the process. */
export class StateDisk {
  durable: Image = EMPTY;
  staged: { readonly image: Image; readonly hash: string } | null = null;
}

export interface ApplyOutcome {
  readonly ok: boolean;
}

interface TablesStateEvents {
  members: [];
  ladder: [];
  standbys: [];
}

export class TablesState extends EventEmitter<TablesStateEvents> implements StateMachine<ApplyOutcome> {
  members!: MemberTable;
  ladder!: LadderTable;
  standbys!: StandbyTable;
  /** Nobody has to say who he is, and answers have a revision. */
  readonly mvcc = { revision: 1, auth: { enabled: false, revision: 0 } };
  applied: SnapshotMeta = EMPTY.meta;

  constructor(
    private readonly disk: StateDisk,
    /** Lets a disk operation finish later. */
    private readonly defer: (work: () => void) => void,
  ) {
    super();
    this.load(disk.durable);
  }

  get durable(): SnapshotMeta {
    return this.disk.durable.meta;
  }

  get confState(): ConfState {
    return this.applied.confState;
  }

  apply({ data, term }: Command<unknown>): ApplyOutcome {
    const kind = commandKind(data);
    const bytes = commandRequest(data);
    switch (kind) {
      case CommandKind.PublishMember: {
        const outcome = applyPublication(bytes, this.tables);
        if (outcome.ok) this.announce('members');
        return outcome;
      }
      case CommandKind.SetPolicy:
      case CommandKind.SetDrain:
      case CommandKind.SetSilences:
        this.announce('ladder');
        return applyLadder(kind, bytes, term, this.tables);
      case CommandKind.RegisterStandbys:
      case CommandKind.ForgetStandbys:
      case CommandKind.ReserveStandby:
      case CommandKind.ReleaseStandby:
        this.announce('standbys');
        return applyRegister(kind, bytes, this.tables);
      case CommandKind.Put:
        return { ok: true };
      default:
        throw new Error(`commands of kind ${kind} are not simulated`);
    }
  }

  refuseConfChange(change: ConfChange): string | null {
    return refuseChange(change, this.tables);
  }

  applyConfChange(change: ConfChange | null, at: SnapshotMeta): void {
    if (change !== null) applyChange(change, this.tables);
    this.applied = { index: at.index, term: at.term, confState: at.confState };
    this.announce('members');
  }

  appliedTo(index: number, term: number): void {
    this.applied = { index, term, confState: this.applied.confState };
  }

  flush(done: (error: Error | null, durable: SnapshotMeta | null) => void): void {
    const meta = this.applied;
    const { ladder, members, standbys } = this;
    const writes = [...members.takeWrites(), ...ladder.takeWrites(), ...standbys.takeWrites()];
    this.defer(() => {
      const rows = new Map(this.disk.durable.rows);
      for (const write of writes) {
        if (write.type === 'put') rows.set(hex(write.key), hex(write.value));
        else rows.delete(hex(write.key));
      }
      this.disk.durable = { meta, rows };
      done(null, meta);
    });
  }

  openSnapshot(done: (error: Error | null, snapshot: StateSnapshot | null) => void): void {
    this.flush(() => {
      const { meta, rows } = this.disk.durable;
      const bytes = Buffer.from(JSON.stringify([...rows]));
      done(null, { meta, sizeHint: bytes.length, chunks: () => onePiece(bytes), close: () => {} });
    });
  }

  async stageSnapshot(meta: SnapshotMeta, chunks: AsyncIterable<Uint8Array>): Promise<StagedSnapshot> {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const bytes = Buffer.concat(parts);
    const hash = bytes.length.toString(16);
    this.disk.staged = { image: { meta, rows: new Map(JSON.parse(bytes.toString()) as Row[]) }, hash };
    return { meta, hash };
  }

  stagedSnapshot(): StagedSnapshot | null {
    const { staged } = this.disk;
    return staged === null ? null : { meta: staged.image.meta, hash: staged.hash };
  }

  installSnapshot(_staged: StagedSnapshot, done: (error: Error | null) => void): void {
    this.defer(() => {
      const { staged } = this.disk;
      if (staged !== null) this.disk.durable = staged.image;
      this.disk.staged = null;
      this.load(this.disk.durable);
      for (const table of ['members', 'ladder', 'standbys'] as const) this.announce(table);
      done(null);
    });
  }

  discardStaged(): void {
    this.disk.staged = null;
  }

  async close(): Promise<void> {}

  private get tables(): Tables {
    const { ladder, members, standbys } = this;
    return { members, ladder, standbys };
  }

  private load({ meta, rows }: Image): void {
    this.members = new MemberTable();
    this.ladder = new LadderTable();
    this.standbys = new StandbyTable();
    this.applied = meta;
    for (const [hexKey, hexValue] of rows) {
      const row = { key: Buffer.from(hexKey, 'hex'), value: Buffer.from(hexValue, 'hex') };
      const [first = 0] = row.key;
      if (first < LADDER) this.members.load(row);
      else if (first < STANDBYS) this.ladder.load(row);
      else this.standbys.load(row);
    }
  }

  /** Not within the turn that applies it. */
  private announce(table: keyof TablesStateEvents): void {
    queueMicrotask(() => this.emit(table));
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
