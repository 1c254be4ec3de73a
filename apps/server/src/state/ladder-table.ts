/**
 * What the cluster remembers for the automation of the ladder, replicated and apart from keys and members: the policy as
 * it was set, the members that are to go, and how long silent members have been silent. No revision, no watch event.
 */
import type { StoreRecord, StoreWrite } from '@understudy/store';
import type { SetDrain, SetPolicy, SetSilences, Silence } from './ladder-command.js';
import type { MemberRecord } from './member-record.js';
import type { MemberTable } from './member-table.js';
import { readVersioned, withVersion } from './versioned-json.js';

/** First byte of the keys of this table in the state database. */
export const LADDER_PREFIX = 0x04;
/** Exclusive. */
export const LADDER_TABLE_END = 0x05;

const ROW_VERSION = 1;
const ROWS = { policy: 1, draining: 2, silences: 3, removals: 4 } as const;
/** Removals that are remembered: far more than any window of the policy allows. */
const REMOVALS_KEPT = 64;
type Row = keyof typeof ROWS;

export type LadderOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'other-version' | 'unknown-member' | 'stale-term' };

const DONE: LadderOutcome = { ok: true };

/** A change by which the automation removed members. */
export interface AutomaticRemoval {
  /** Milliseconds since 1970, by the clock of the leader that did it. */
  readonly atMs: number;
  readonly memberIds: readonly number[];
}

interface PolicyRow {
  /** How often it was changed; 0 for never. */
  readonly version: number;
  /** The version at which `activeSize` was last set or reset; 0 for never. */
  readonly sizeVersion: number;
  /** The fields that somebody has set. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export class LadderTable {
  #policy: PolicyRow = { version: 0, sizeVersion: 0, fields: {} };
  /** Ids of members, each in the table of members. */
  #draining: ReadonlySet<number> = new Set();
  #silences: readonly Silence[] = [];
  /** Oldest first. */
  #removals: readonly AutomaticRemoval[] = [];
  /** Rows that differ from the database. */
  #dirty = new Set<Row>();

  get policyVersion(): number {
    return this.#policy.version;
  }

  get policyFields(): Readonly<Record<string, unknown>> {
    return this.#policy.fields;
  }

  isDraining(id: number): boolean {
    return this.#draining.has(id);
  }

  /** As of the last report of a leader. */
  get silences(): readonly Silence[] {
    return this.#silences;
  }

  get removals(): readonly AutomaticRemoval[] {
    return this.#removals;
  }

  /** Whether an operator made it a voter after `activeSize` was set. */
  isPinned({ pinnedAtVersion }: MemberRecord): boolean {
    return pinnedAtVersion !== null && pinnedAtVersion >= this.#policy.sizeVersion;
  }

  setPolicy({ version, set, reset }: SetPolicy): LadderOutcome {
    if (version !== null && version !== this.#policy.version) return { ok: false, reason: 'other-version' };
    const fields: Record<string, unknown> = { ...this.#policy.fields, ...set };
    for (const name of reset) delete fields[name];
    const next = this.#policy.version + 1;
    const sized = 'activeSize' in set || reset.includes('activeSize');
    this.#policy = { version: next, sizeVersion: sized ? next : this.#policy.sizeVersion, fields };
    this.#dirty.add('policy');
    return DONE;
  }

  setDrain({ id, draining }: SetDrain, members: MemberTable): LadderOutcome {
    if (members.get(id) === undefined) return { ok: false, reason: 'unknown-member' };
    const marked = new Set(this.#draining);
    if (draining) marked.add(id);
    else marked.delete(id);
    this.#draining = marked;
    this.#dirty.add('draining');
    return DONE;
  }

  /** `term` is that of the entry. */
  setSilences({ term: told, silences }: SetSilences, term: number, members: MemberTable): LadderOutcome {
    if (told !== term) return { ok: false, reason: 'stale-term' };
    this.#silences = silences.filter(({ id }) => members.get(id) !== undefined);
    this.#dirty.add('silences');
    return DONE;
  }

  noteRemoval(removal: AutomaticRemoval): void {
    this.#removals = [...this.#removals, removal].slice(-REMOVALS_KEPT);
    this.#dirty.add('removals');
  }

  /** Forgets members that are gone. */
  membersChanged(members: MemberTable): void {
    const stays = (id: number): boolean => members.get(id) !== undefined;
    if (![...this.#draining].every(stays)) {
      this.#draining = new Set([...this.#draining].filter(stays));
      this.#dirty.add('draining');
    }
    if (!this.#silences.every(({ id }) => stays(id))) {
      this.#silences = this.#silences.filter(({ id }) => stays(id));
      this.#dirty.add('silences');
    }
  }

  /** Rows changed since the last call, for the next flush. */
  takeWrites(): StoreWrite[] {
    const writes = [...this.#dirty].map((row): StoreWrite => {
      const key = new Uint8Array([LADDER_PREFIX, ROWS[row]]);
      return { type: 'put', key, value: withVersion(ROW_VERSION, this.#valueOf(row)) };
    });
    this.#dirty = new Set();
    return writes;
  }

  /** A row read back from the database. */
  load({ key, value }: StoreRecord): void {
    const content = readVersioned(value, ROW_VERSION, 'row of the ladder table');
    if (key[1] === ROWS.policy) this.#policy = content as PolicyRow;
    else if (key[1] === ROWS.draining) this.#draining = new Set(content as number[]);
    else if (key[1] === ROWS.silences) this.#silences = content as Silence[];
    else if (key[1] === ROWS.removals) this.#removals = content as AutomaticRemoval[];
    else throw new Error(`the ladder table has no row ${key[1]}`);
  }

  #valueOf(row: Row): unknown {
    if (row === 'policy') return this.#policy;
    if (row === 'removals') return this.#removals;
    return row === 'draining' ? [...this.#draining] : this.#silences;
  }
}
