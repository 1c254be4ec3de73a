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

/** The first answer of `urls` that is a cluster; null when nobody answers. */
export async function askCluster(urls: readonly string[]): Promise<ClusterReport | null> {
  const answers = await Promise.all(urls.map((url) => askOne(url)));
  return answers.find((answer) => answer !== null) ?? null;
}

async function askOne(url: string): Promise<ClusterReport | null> {
  try {
    const response = await fetch(`${url}${MEMBERS_PATH}`, {
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
      redirect: 'error',
    });
    if (!response.ok || Number(response.headers.get('content-length') ?? 0) > MAX_ANSWER_BYTES) return null;
    const report = (await response.json()) as ClusterReport;
    return isReport(report) ? report : null;
  } catch {
    // Not listening yet, not speaking HTTP, or no cluster: all mean that this URL cannot help.
    return null;
  }
}

function isReport(report: unknown): report is ClusterReport {
  if (typeof report !== 'object' || report === null) return false;
  const { clusterId, members } = report as Partial<ClusterReport>;
  return typeof clusterId === 'string' && /^[0-9a-f]{1,14}$/.test(clusterId) && Array.isArray(members);
}
