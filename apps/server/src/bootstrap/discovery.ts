/**
 * What the other machines say before this one starts: an existing cluster is never bootstrapped again.
 * Asked over plain HTTP on the peer port: GET /members.
 */
import type { MemberView } from '../state/member-view.js';

export const MEMBERS_PATH = '/members';
const ASK_TIMEOUT_MS = 2000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** The body of GET /members on a peer port. Ids are hexadecimal. */
export interface ClusterReport {
  readonly clusterId: string;
  readonly members: readonly MemberView[];
}

/** What each of `urls` says of its cluster; those that say nothing of use are left out. Never rejects. */
export async function askCluster(urls: readonly string[], timeoutMs = ASK_TIMEOUT_MS): Promise<ClusterReport[]> {
  const answers = await Promise.all(urls.map((url) => askOne(url, timeoutMs)));
  return answers.filter((answer) => answer !== null);
}

async function askOne(url: string, timeoutMs: number): Promise<ClusterReport | null> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${url}${MEMBERS_PATH}`, { signal, redirect: 'error' });
    const body = response.ok ? await readBounded(response) : null;
    const report: unknown = body === null ? null : JSON.parse(body);
    return isReport(report) ? report : null;
  } catch {
    // Not listening yet, not speaking HTTP, or no cluster: all mean that this URL cannot help.
    return null;
  }
}

/** Null where there is more than any cluster's members need. */
async function readBounded(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isReport(report: unknown): report is ClusterReport {
  if (!isObject(report)) return false;
  const { clusterId, members } = report;
  return isId(clusterId) && Array.isArray(members) && members.every(isMember);
}

function isMember(member: unknown): member is MemberView {
  if (!isObject(member)) return false;
  const { id, peerUrls, directoryId } = member;
  return isId(id) && typeof directoryId === 'string' && Array.isArray(peerUrls) && peerUrls.every(isText);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** As `formatId` prints them. */
function isId(value: unknown): value is string {
  if (!isText(value) || !/^[0-9a-f]{16}$/.test(value)) return false;
  const id = Number.parseInt(value, 16);
  return id > 0 && Number.isSafeInteger(id);
}
