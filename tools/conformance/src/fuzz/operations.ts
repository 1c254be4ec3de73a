/**
 * Random operations on a small store, so that they meet each other: few keys, few leases, revisions near the newest,
 * and now and then something that must be refused. An operation is a method and its request as JSON, as the gateway
 * takes it, so that a difference can be told, repeated by hand and kept.
 */
import type { Random } from './random.js';

export interface Json {
  readonly [name: string]: Json | readonly Json[] | string | number | boolean;
}

export type Operation =
  | { readonly kind: 'call'; readonly path: string; readonly request: Json }
  | { readonly kind: 'watch'; readonly request: Json }
  /** Wait until every watch has told everything up to now. */
  | { readonly kind: 'settle' };

/** What the operations so far have led to; the generator aims by it. */
export interface Aim {
  /** The newest revision. */
  readonly revision: number;
  readonly compacted: number;
}

const KEYS = ['a', 'aa', 'ab', 'b', 'b/1', 'b/2', 'c', '\u00ff'];
const VALUES = ['', '0', '1', '9', 'ten', 'x'.repeat(300)];
const LEASES = ['7', '8', '9', '4611686018427387904'];
const WATCHES = 12;
const MAX_NESTING = 3;

export class Operations {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(aim: Aim): Operation {
    const kind = this.#random.weighted<(aim: Aim) => Operation>([
      [30, () => call('/etcdserverpb.KV/Put', this.#put())],
      [22, () => call('/etcdserverpb.KV/Range', this.#range(aim))],
      [10, () => call('/etcdserverpb.KV/DeleteRange', this.#deleteRange())],
      [18, () => call('/etcdserverpb.KV/Txn', this.#txn(aim, 1))],
      [2, () => call('/etcdserverpb.KV/Compact', this.#compact(aim))],
      [4, () => call('/etcdserverpb.Lease/LeaseGrant', { TTL: this.#random.pick(['600', '900']), ID: this.#lease() })],
      [2, () => call('/etcdserverpb.Lease/LeaseRevoke', { ID: this.#lease() })],
      [3, () => call('/etcdserverpb.Lease/LeaseTimeToLive', { ID: this.#lease(), keys: this.#random.chance(0.7) })],
      [1, () => call('/etcdserverpb.Lease/LeaseLeases', {})],
      [6, () => ({ kind: 'watch', request: this.#watch(aim) })],
      [1, () => ({ kind: 'settle' })],
    ]);
    return kind(aim);
  }

  #key(): string {
    return base64(this.#random.pick(KEYS));
  }

  #lease(): string {
    return this.#random.pick(LEASES);
  }

  /** One key, a range, a prefix, everything from a key on, everything; now and then an empty or a reversed one. */
  #keys(): Json {
    const key = this.#random.pick(KEYS);
    return this.#random.weighted<() => Json>([
      [10, () => ({ key: base64(key) })],
      [4, () => ({ key: base64(key), range_end: this.#key() })],
      [4, () => ({ key: base64(key), range_end: base64(prefixEnd(key)) })],
      [2, () => ({ key: base64(key), range_end: base64('\0') })],
      [2, () => ({ key: base64('\0'), range_end: base64('\0') })],
      [1, () => ({ key: '' })],
    ])();
  }

  /**
   * Within a transaction nothing is kept from before: where an earlier part of it has deleted the key, etcd's process
   * ends.
   */
  #put(mayIgnore = true): Json {
    const random = this.#random;
    const request: Record<string, Json | string | boolean> = { key: random.chance(0.01) ? '' : this.#key() };
    if (mayIgnore && random.chance(0.08)) request['ignore_value'] = true;
    if (!('ignore_value' in request) || random.chance(0.1)) request['value'] = base64(random.pick(VALUES));
    if (random.chance(0.25)) request['lease'] = this.#lease();
    if (mayIgnore && random.chance(0.08)) request['ignore_lease'] = true;
    if (random.chance(0.3)) request['prev_kv'] = true;
    return request;
  }

  #deleteRange(): Json {
    return this.#random.chance(0.4) ? { ...this.#keys(), prev_kv: true } : this.#keys();
  }

  #range(aim: Aim): Json {
    const random = this.#random;
    const request: Record<string, unknown> = { ...this.#keys() };
    if (random.chance(0.35)) request['revision'] = this.#revision(aim);
    if (random.chance(0.25)) request['limit'] = String(random.below(4) - (random.chance(0.05) ? 2 : 0));
    if (random.chance(0.35)) request['sort_order'] = random.pick(['NONE', 'ASCEND', 'DESCEND']);
    if (random.chance(0.35)) request['sort_target'] = random.pick(['KEY', 'VERSION', 'CREATE', 'MOD', 'VALUE']);
    if (random.chance(0.15)) request['keys_only'] = true;
    if (random.chance(0.1)) request['count_only'] = true;
    if (random.chance(0.15)) request['serializable'] = true;
    for (const bound of ['min_mod_revision', 'max_mod_revision', 'min_create_revision', 'max_create_revision']) {
      if (random.chance(0.08)) request[bound] = this.#revision(aim);
    }
    return request as Json;
  }

  #txn(aim: Aim, depth: number): Json {
    const random = this.#random;
    const some = <T>(most: number, make: () => T): T[] => Array.from({ length: random.below(most + 1) }, make);
    return {
      compare: some(3, () => this.#compare(aim)),
      success: some(3, () => this.#requestOp(aim, depth)),
      failure: some(3, () => this.#requestOp(aim, depth)),
    };
  }

  #requestOp(aim: Aim, depth: number): Json {
    return this.#random.weighted<() => Json>([
      [6, () => ({ request_put: this.#put(false) })],
      [6, () => ({ request_range: this.#range(aim) })],
      [4, () => ({ request_delete_range: this.#deleteRange() })],
      [depth < MAX_NESTING ? 3 : 1, () => ({ request_txn: depth < MAX_NESTING ? this.#txn(aim, depth + 1) : {} })],
    ])();
  }

  #compare(aim: Aim): Json {
    const random = this.#random;
    const [target, value] = random.weighted<readonly [string, Json]>([
      [3, ['VERSION', { version: String(random.below(4)) }]],
      [2, ['CREATE', { create_revision: this.#revision(aim) }]],
      [3, ['MOD', { mod_revision: this.#revision(aim) }]],
      [3, ['VALUE', { value: base64(random.pick(VALUES)) }]],
      [1, ['LEASE', { lease: random.chance(0.3) ? '0' : this.#lease() }]],
      // What the target asks for is not given.
      [1, ['VERSION', {}]],
    ]);
    const result = random.pick(['EQUAL', 'GREATER', 'LESS', 'NOT_EQUAL']);
    const keys = random.chance(0.3) ? this.#keys() : { key: this.#key() };
    return { ...keys, target, result, ...value };
  }

  #compact(aim: Aim): Json {
    const revision = this.#random.chance(0.2) ? this.#revision(aim) : String(aim.compacted + this.#random.below(30));
    return this.#random.chance(0.3) ? { revision, physical: true } : { revision };
  }

  #watch(aim: Aim): Json {
    const random = this.#random;
    if (random.chance(0.25)) return { cancel_request: { watch_id: String(1 + random.below(WATCHES)) } };
    const create: Record<string, unknown> = { ...this.#keys(), watch_id: String(1 + random.below(WATCHES)) };
    // Below 0 means nothing: etcd then tells nothing of the past, and ends the watch where anything is compacted.
    const start = this.#revision(aim);
    if (random.chance(0.6) && start !== '-1') create['start_revision'] = start;
    if (random.chance(0.4)) create['prev_kv'] = true;
    if (random.chance(0.2)) create['filters'] = [random.pick(['NOPUT', 'NODELETE'])];
    return { create_request: create as Json };
  }

  /** Mostly one that was; sometimes none, compacted, or to come. */
  #revision({ revision, compacted }: Aim): string {
    const random = this.#random;
    return String(
      random.weighted<() => number>([
        [12, () => compacted + random.below(Math.max(1, revision - compacted + 1))],
        [2, () => Math.max(0, compacted - random.below(4))],
        [2, () => revision + random.below(4)],
        [1, () => 0],
        [1, () => -1],
      ])(),
    );
  }
}

function call(path: string, request: Json): Operation {
  return { kind: 'call', path, request };
}

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}

/** The first key after all that begin with `prefix`; the last of all where there is none. */
function prefixEnd(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return last === 0xff ? '\0' : prefix.slice(0, -1) + String.fromCharCode(last + 1);
}
