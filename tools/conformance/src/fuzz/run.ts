/** One seed: the same random operations to a fresh etcd and a fresh server, one after the other, until they differ. */
import { type ServerKind, TestCluster, waitUntil } from '@understudy/testbed';
import { setTimeout as delay } from 'node:timers/promises';
import { Caller } from './caller.js';
import { compare, differences } from './differences.js';
import { type Aim, type Json, type Operation, Operations } from './operations.js';
import { Random } from './random.js';
import { compactionEnded, openWatches, watchNotes } from './watch-notes.js';

export interface FuzzOptions {
  readonly seed: number;
  readonly operations: number;
  /** What is held against etcd; etcd itself shows that the comparison is fair. */
  readonly kind: ServerKind;
  /** Told of each operation before it is carried out. */
  readonly onOperation?: (number: number, operation: Operation) => void;
}

export interface FuzzResult {
  readonly seed: number;
  /** Operations that both answered alike. */
  readonly agreed: number;
  readonly events: number;
  readonly errors: number;
  /** Null where all answers are equal. */
  readonly difference: { readonly operation: Operation; readonly lines: readonly string[] } | null;
}

const SETTLE_MS = 30_000;
/** etcd looks every 100 ms for watches that have to catch up, and does not tell when they have. */
const CATCH_UP_MS = 200;
/** The same before a compaction, which a watch that has not caught up does not survive: on a slow machine a look is late. */
const CATCH_UP_SURELY_MS = 1000;

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const clusters = await Promise.all([startOne(options.kind), startOne('etcd')]);
  const [ours, theirs] = clusters.map(({ endpoints }) => new Caller(new URL(endpoints[0] as string).host)) as [
    Caller,
    Caller,
  ];
  try {
    return await new Run(ours, theirs, options).go();
  } catch (error) {
    const ended = clusters.filter(({ members }) => members.some((member) => !member.process.running));
    if (ended.length === 0) throw error;
    const outputs = ended.map(
      ({ kind, members }) => `${kind} has ended: ${members.map((member) => member.process.output)}`,
    );
    throw new Error(`seed ${options.seed}: ${(error as Error).message}\n${outputs.join('\n')}`, { cause: error });
  } finally {
    ours.close();
    theirs.close();
    await Promise.all(clusters.map((cluster) => cluster.stop()));
  }
}

function startOne(kind: ServerKind): Promise<TestCluster> {
  return TestCluster.start({ kind, voters: 1 });
}

class Run {
  readonly #ours: Caller;
  readonly #theirs: Caller;
  readonly #options: FuzzOptions;
  readonly #operations: Operations;
  #aim: Aim = { revision: 1, compacted: 0 };
  #errors = 0;
  /** A watch was made since the last rest, and since the last long one. */
  #catchingUp = false;
  #mayBeBehind = false;

  constructor(ours: Caller, theirs: Caller, options: FuzzOptions) {
    this.#ours = ours;
    this.#theirs = theirs;
    this.#options = options;
    this.#operations = new Operations(new Random(options.seed));
  }

  async go(): Promise<FuzzResult> {
    const { seed, operations, onOperation } = this.#options;
    for (let number = 0; number <= operations; number += 1) {
      const operation: Operation = number === operations ? { kind: 'settle' } : this.#operations.next(this.#aim);
      onOperation?.(number, operation);
      const lines = await this.#carryOut(operation);
      if (lines.length > 0) return this.#result(seed, number, { operation, lines });
    }
    return this.#result(seed, operations, null);
  }

  #result(seed: number, agreed: number, difference: FuzzResult['difference']): FuzzResult {
    const events = this.#theirs.told.reduce(
      (sum, { events }) => sum + ((events as unknown[] | undefined)?.length ?? 0),
      0,
    );
    return { seed, agreed, events, errors: this.#errors, difference };
  }

  async #carryOut(operation: Operation): Promise<readonly string[]> {
    switch (operation.kind) {
      case 'call':
        return this.#call(operation.path, operation.request);
      case 'watch':
        return this.#watch(operation.request);
      case 'settle':
        return this.#settle();
    }
  }

  async #call(path: string, request: Json): Promise<readonly string[]> {
    if (path.endsWith('/Compact')) {
      // Whether a watch that has not caught up yet loses its past is a race.
      if (this.#mayBeBehind) await delay(CATCH_UP_SURELY_MS);
      this.#mayBeBehind = false;
      const unsettled = await this.#settle();
      if (unsettled.length > 0) return unsettled;
    }
    const [ours, theirs] = await Promise.all([this.#ours.unary(path, request), this.#theirs.unary(path, request)]);
    if (theirs.ok) {
      const header = theirs.response['header'] as { revision?: string } | undefined;
      const compacted = path.endsWith('/Compact') ? Number(request['revision'] ?? 0) : this.#aim.compacted;
      this.#aim = { revision: Number(header?.revision ?? this.#aim.revision), compacted };
    } else {
      this.#errors += 1;
    }
    return differences(ours, theirs, path);
  }

  /** Watches are told in their own time: before one is made or ended, the others have to agree. */
  async #watch(request: Json): Promise<readonly string[]> {
    const unsettled = await this.#settle();
    if (unsettled.length > 0) return unsettled;
    const cancel = request['cancel_request'] as { watch_id: string } | undefined;
    // Who cancels what is not there is not answered.
    if (cancel !== undefined && !openWatches(watchNotes(this.#theirs.told)).has(cancel.watch_id)) return [];
    const create = request['create_request'] as { watch_id: string; start_revision?: string } | undefined;
    if (create !== undefined && compactionEnded(watchNotes(this.#theirs.told), create.watch_id)) return [];
    // A watch from the compacted revision on is to hear of all of it; etcd 3.4.23 forgets what was deleted in it, as soon
    // as its compaction comes by (mended in later versions).
    if (this.#aim.compacted > 0 && create?.start_revision === String(this.#aim.compacted)) return [];
    const [ours, theirs] = await Promise.all([this.#ours.watch(request), this.#theirs.watch(request)]);
    this.#catchingUp = true;
    this.#mayBeBehind = true;
    return compare(ours, theirs, 'watch');
  }

  async #settle(): Promise<readonly string[]> {
    if (this.#catchingUp) await delay(CATCH_UP_MS);
    this.#catchingUp = false;
    let lines: string[] = [];
    const agree = (): boolean => {
      const [ours, theirs] = [watchNotes(this.#ours.told), watchNotes(this.#theirs.told)];
      const ids = [...new Set([...ours.keys(), ...theirs.keys()])];
      lines = ids.flatMap((id) => compare([...(ours.get(id) ?? [])], [...(theirs.get(id) ?? [])], `watch ${id}`));
      return lines.length === 0;
    };
    await waitUntil('the watches agree', agree, SETTLE_MS).catch(() => undefined);
    return lines;
  }
}
