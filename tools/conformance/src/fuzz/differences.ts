/**
 * Where two answers differ, field by field. What may differ is listed here, each with its reason, and nothing else is
 * left out.
 */
import type { JsonObject, JsonValue } from '@understudy/protocol';
import type { Answer } from './caller.js';

interface Allowed {
  readonly path: RegExp;
  readonly reason: string;
}

/** By the path of a field in an answer. */
export const ALLOWED: readonly Allowed[] = [
  { path: /\.header\.cluster_id$/, reason: 'each cluster has its own id' },
  { path: /\.header\.member_id$/, reason: 'each member has its own id' },
  { path: /\.header\.raft_term$/, reason: 'how often an election was needed at the start is chance' },
];

/** What is left of a lease, seconds, may differ by the time that the calls took. */
const TTL = /^response\.TTL$/;
const TTL_SLACK = 5;

/** One line for each difference, the path first; empty where there is none. */
export function differences(ours: Answer, theirs: Answer, path: string): string[] {
  if (!ours.ok || !theirs.ok) return compare(asJson(ours), asJson(theirs), 'answer');
  return compare(sorted(path, ours.response), sorted(path, theirs.response), 'response');
}

export function compare(ours: JsonValue | undefined, theirs: JsonValue | undefined, path: string): string[] {
  if (Object.is(ours, theirs) || ALLOWED.some((allowed) => allowed.path.test(path))) return [];
  if (TTL.test(path) && Math.abs(Number(ours) - Number(theirs)) <= TTL_SLACK) return [];
  if (isObject(ours) && isObject(theirs)) {
    const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
    return names.flatMap((name) => compare(field(ours, name), field(theirs, name), `${path}.${name}`));
  }
  return [`${path}: ${JSON.stringify(ours)}, etcd: ${JSON.stringify(theirs)}`];
}

function isObject(value: JsonValue | undefined): value is JsonValue[] | { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null;
}

function field(value: object, name: string): JsonValue | undefined {
  return (value as Readonly<Record<string, JsonValue>>)[name];
}

function asJson(answer: Answer): JsonValue {
  return answer.ok ? { ok: true, response: answer.response } : { ok: false, code: answer.code, text: answer.text };
}

/** Lists whose order is chance in etcd: leases of the same age, and the keys of a lease, which it keeps in a hash table. */
const UNORDERED: Readonly<Record<string, string>> = {
  '/etcdserverpb.Lease/LeaseLeases': 'leases',
  '/etcdserverpb.Lease/LeaseTimeToLive': 'keys',
};

function sorted(path: string, response: JsonObject): JsonObject {
  const list = response[UNORDERED[path] ?? ''];
  if (!Array.isArray(list)) return response;
  const items = [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { ...response, [UNORDERED[path] as string]: items };
}
