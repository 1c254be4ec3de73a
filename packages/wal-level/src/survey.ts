/**
 * Reads a whole log from a store and judges it, and writes nothing. What opens a log begins with it, and so does what
 * only looks at one. Callbacks only, as everything that a simulator runs.
 */
import type { Entry, SnapshotMeta } from '@understudy/raft-core';
import type { InstallIntent } from '@understudy/raft-node';
import type { Store, StoreCursor, StoreRecord } from '@understudy/store';
import type { Damage, DamagePlace } from './damage.js';
import type { HighWaterRead } from './high-water.js';
import { type LogEvidence, LogInspector, type Verdict } from './inspect.js';
import { ENTRIES_END, entryKey, INSTALL_KEY, indexOfKey, SNAPSHOT_KEY, STATE_KEY } from './keys.js';
import { decodeState, type LogPoint } from './log-state.js';
import type { RecordRead } from './record.js';
import { decodeInstall, decodeSnapshot } from './snapshot-record.js';

const SCAN_STEP_RECORDS = 512;

/** Records that a compaction or a snapshot left behind. */
export interface Leftovers {
  readonly from: number;
  readonly through: number;
}

export interface Survey {
  readonly verdict: Verdict;
  readonly evidence: LogEvidence;
  /** Entries up to here passed every check. */
  readonly intact: LogPoint;
  readonly snapshot: SnapshotMeta | null;
  readonly pendingInstall: InstallIntent | null;
  readonly leftovers: Leftovers | null;
}

export interface SurveyDeps {
  readonly store: Store;
  readonly highWater: HighWaterRead;
  readonly systemBootId: string;
  /** Given every entry that passes, in order; whether the log may keep it is only known at the end. */
  readonly onEntry: (entry: Entry) => void;
}

type Surveyed = (error: unknown, survey: Survey | null) => void;

export function surveyLog(deps: SurveyDeps, done: Surveyed): void {
  new LogSurveyor(deps, done).start();
}

class LogSurveyor {
  readonly #deps: SurveyDeps;
  readonly #done: Surveyed;
  // Set before `done` is called.
  #finished = false;

  constructor(deps: SurveyDeps, done: Surveyed) {
    this.#deps = deps;
    this.#done = done;
  }

  start(): void {
    this.#guarded(() => {
      const { store, highWater, systemBootId } = this.#deps;
      const evidence = { state: readRecord(store, STATE_KEY, decodeState), highWater, systemBootId };
      const inspector = new LogInspector(evidence);
      const cursor = store.cursor({ gte: entryKey(inspector.firstIndex), lt: ENTRIES_END });
      this.#scan(inspector, cursor, evidence);
    });
  }

  #scan(inspector: LogInspector, cursor: StoreCursor, evidence: LogEvidence): void {
    cursor.next(SCAN_STEP_RECORDS, (error, records) => {
      this.#guarded(() => {
        if (error !== null) throw error;
        for (const { key, value } of records) {
          const entry = inspector.accept(key, value);
          if (entry !== null) this.#deps.onEntry(entry);
        }
        if (records.length > 0) {
          this.#scan(inspector, cursor, evidence);
          return;
        }
        cursor.close();
        this.#judge(inspector, evidence);
      });
    });
  }

  #judge(inspector: LogInspector, evidence: LogEvidence): void {
    const { intact, firstIndex } = inspector;
    let verdict = inspector.finish();
    let snapshot: SnapshotMeta | null = null;
    let pendingInstall: InstallIntent | null = null;
    if (verdict.kind === 'clean' || verdict.kind === 'torn-tail-dropped') {
      const { state } = verdict;
      const named = this.#named('snapshot', SNAPSHOT_KEY, state.snapshotIndex, decodeSnapshot);
      const install = this.#named('install', INSTALL_KEY, state.installIndex, decodeInstall);
      const damage = named.damage ?? install.damage;
      if (damage !== null) verdict = { kind: 'damaged', damage, intact };
      snapshot = named.value;
      pendingInstall = install.value;
    }
    this.#findLeftovers(firstIndex, (leftovers) => {
      this.#finished = true;
      this.#done(null, { verdict, evidence, intact, snapshot, pendingInstall, leftovers });
    });
  }

  /** A record that the state speaks of, by its index; 0 is none. */
  #named<T extends { readonly index: number }>(
    where: DamagePlace,
    key: Uint8Array,
    index: number,
    decode: (bytes: Uint8Array) => RecordRead<T>,
  ): { value: T | null; damage: Damage | null } {
    const found = readRecord(this.#deps.store, key, decode);
    const damaged = (what: Damage['what'], detail: string): { value: null; damage: Damage } => ({
      value: null,
      damage: { what, where, index, detail },
    });
    if (found === null) {
      return index === 0 ? { value: null, damage: null } : damaged('missing', 'the state record speaks of it');
    }
    if (!found.ok) return damaged('unreadable', `the record has a wrong ${found.reason}`);
    if (found.value.index === index) return { value: found.value, damage: null };
    return damaged('contradiction', `the record is of index ${found.value.index}`);
  }

  #findLeftovers(firstIndex: number, then: (leftovers: Leftovers | null) => void): void {
    const below = { gte: entryKey(0), lt: entryKey(firstIndex) };
    this.#first(below, false, (lowest) => {
      if (lowest === null) {
        then(null);
        return;
      }
      this.#first(below, true, (highest) => then({ from: lowest, through: highest ?? lowest }));
    });
  }

  #first(range: { gte: Uint8Array; lt: Uint8Array }, reverse: boolean, then: (index: number | null) => void): void {
    const cursor = this.#deps.store.cursor({ ...range, reverse });
    cursor.next(1, (error, records: readonly StoreRecord[]) => {
      cursor.close();
      this.#guarded(() => {
        if (error !== null) throw error;
        const record = records[0];
        then(record === undefined ? null : indexOfKey(record.key));
      });
    });
  }

  /** Whatever a step throws is the outcome; what `done` throws is not. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (this.#finished) throw error;
      this.#finished = true;
      this.#done(error, null);
    }
  }
}

export function readRecord<T>(
  store: Store,
  key: Uint8Array,
  decode: (bytes: Uint8Array) => RecordRead<T>,
): RecordRead<T> | null {
  const bytes = store.getSync(key);
  return bytes === undefined ? null : decode(bytes);
}
