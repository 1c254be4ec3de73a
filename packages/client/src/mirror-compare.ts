// Both sides of a mirror, key by key, in the order of the keys: pages of each are held, never all of them.
import type { Client } from './client.js';
import type { KeyRange } from './key-range.js';
import type { KeyValue } from './key-value.js';
import type { MirrorCheck, MirrorDestination } from './mirror.js';
import type { MirrorKeys } from './mirror-keys.js';

export interface MirrorSides {
  readonly source: Client;
  readonly destination: MirrorDestination;
  readonly keys: MirrorKeys;
  readonly pageKeys: number;
}

/** One key of either side. */
export interface Aligned {
  /** As the destination calls it. */
  readonly key: Uint8Array;
  /** What the destination has; undefined: it has no such key. */
  readonly from: Uint8Array | undefined;
  /** What the source has. */
  readonly to: Uint8Array | undefined;
}

export interface Difference {
  /** As the destination calls it. */
  readonly key: Uint8Array;
  readonly kind: 'missing' | 'unexpected' | 'other-value';
}

interface Revisions {
  readonly source: number;
  /** Undefined: as it is. */
  readonly destination?: number;
}

const MAX_EXAMPLES = 10;

/** Every key that either side has at its revision. */
export async function* alignKeys(
  { source, destination, keys, pageKeys }: MirrorSides,
  revisions: Revisions,
  signal: AbortSignal | undefined,
): AsyncGenerator<Aligned, void, undefined> {
  const wanted = pages(source, keys.sourceRange, (key) => keys.sourceFrom(key), {
    revision: revisions.source,
    pageKeys,
    signal,
  });
  const found = pages(destination, keys.destinationRange, (key) => keys.destinationFrom(key), {
    revision: revisions.destination,
    pageKeys,
    signal,
  });
  let left = await wanted.next();
  let right = await found.next();
  while (left.done !== true || right.done !== true) {
    const key = left.done === true ? undefined : keys.toDestination(left.value.key);
    const order = key === undefined ? 1 : right.done === true ? -1 : Buffer.compare(key, (right.value as KeyValue).key);
    const to = order <= 0 ? (left.value as KeyValue).value : undefined;
    const from = order >= 0 ? (right.value as KeyValue).value : undefined;
    yield { key: order <= 0 ? (key as Uint8Array) : (right.value as KeyValue).key, from, to };
    if (order <= 0) left = await wanted.next();
    if (order >= 0) right = await found.next();
  }
}

export async function findDifferences(
  sides: MirrorSides,
  revision: number,
  signal: AbortSignal | undefined,
): Promise<MirrorCheck> {
  const { header } = await sides.destination.range(sides.keys.destinationRange, { countOnly: true, signal });
  const destinationRevision = header.revision;
  const examples: Difference[] = [];
  let keys = 0;
  let differences = 0;
  for await (const { key, from, to } of alignKeys(
    sides,
    { source: revision, destination: destinationRevision },
    signal,
  )) {
    keys += 1;
    const kind = kindOf(from, to);
    if (kind === undefined) continue;
    differences += 1;
    if (examples.length < MAX_EXAMPLES) examples.push({ key: Uint8Array.from(key), kind });
  }
  return { revision, destinationRevision, keys, differences, examples };
}

function kindOf(from: Uint8Array | undefined, to: Uint8Array | undefined): Difference['kind'] | undefined {
  if (from === undefined) return 'missing';
  if (to === undefined) return 'unexpected';
  return Buffer.compare(from, to) === 0 ? undefined : 'other-value';
}

interface PageOptions {
  readonly revision: number | undefined;
  readonly pageKeys: number;
  readonly signal: AbortSignal | undefined;
}

async function* pages(
  client: MirrorDestination,
  all: KeyRange,
  from: (key: Uint8Array) => KeyRange,
  { revision, pageKeys, signal }: PageOptions,
): AsyncGenerator<KeyValue, void, undefined> {
  let range = all;
  for (;;) {
    const { kvs, more } = await client.range(range, { revision, limit: pageKeys, signal });
    yield* kvs;
    const last = kvs.at(-1);
    if (!more || last === undefined) return;
    // The next key that can be.
    range = from(Buffer.concat([last.key, Uint8Array.of(0)]));
  }
}
