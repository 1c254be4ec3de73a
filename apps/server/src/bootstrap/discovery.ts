/**
 * What other machines say of their cluster: asked before a start, since an existing cluster is never bootstrapped again,
 * and by every standby. The question is GET /members on the peer port; a client URL leads to the peer URLs.
 */
import type { DialTls } from '../doors/tls-identity.js';
import type { MemberView } from '../state/member-view.js';
import { askJson } from './ask-json.js';

export const MEMBERS_PATH = '/members';
/** On the client port, of every server that speaks etcd's JSON; a standby redirects it to a member. */
const MEMBER_LIST_PATH = '/v3/cluster/member/list';
const ASK_TIMEOUT_MS = 2000;
/** From one machine to the next. */
const MAX_REDIRECTS = 3;

/** The body of GET /members on a peer port. Ids are hexadecimal. */
export interface ClusterReport {
  readonly clusterId: string;
  readonly members: readonly MemberView[];
  /** Empty where the one who answers knows none. */
  readonly leaderId: string;
  /** How far the one who answers has applied: of two reports, the higher one is newer. */
  readonly appliedIndex: number;
}

/** What each of `urls` says of its cluster; those that say nothing of use are left out. Never rejects. */
export async function askCluster(
  urls: readonly string[],
  tls?: DialTls,
  timeoutMs = ASK_TIMEOUT_MS,
): Promise<ClusterReport[]> {
  const answers = await Promise.all(urls.map((url) => askOne(url, tls, timeoutMs)));
  return answers.filter((answer) => answer !== null);
}

/** The same, where `urls` may also be client URLs of members or of standbys. Never rejects. */
export async function findCluster(
  urls: readonly string[],
  tls?: DialTls,
  timeoutMs = ASK_TIMEOUT_MS,
): Promise<ClusterReport[]> {
  const reports = await askCluster(urls, tls, timeoutMs);
  if (reports.length > 0) return reports;
  const lists = await Promise.all(urls.map((url) => askForPeers(url, tls, timeoutMs)));
  return askCluster([...new Set(lists.flat())], tls, timeoutMs);
}

async function askOne(url: string, tls: DialTls | undefined, timeoutMs: number): Promise<ClusterReport | null> {
  const report = await askJson(`${url}${MEMBERS_PATH}`, { tls, timeoutMs });
  return isReport(report)
    ? { ...report, leaderId: report.leaderId ?? '', appliedIndex: report.appliedIndex ?? 0 }
    : null;
}

/** The peer URLs that a client URL leads to; none where it is none. */
async function askForPeers(url: string, tls: DialTls | undefined, timeoutMs: number): Promise<string[]> {
  const list = await askJson(`${url}${MEMBER_LIST_PATH}`, { tls, timeoutMs, body: '{}', redirects: MAX_REDIRECTS });
  const members = isObject(list) && Array.isArray(list['members']) ? list['members'] : [];
  return members
    .flatMap((member: unknown) => (isObject(member) && Array.isArray(member['peerURLs']) ? member['peerURLs'] : []))
    .filter((peer) => isText(peer) && URL.canParse(peer));
}

/** What is not there yet in older versions. */
type AnyReport = Omit<ClusterReport, 'leaderId' | 'appliedIndex'> & Partial<ClusterReport>;

function isReport(report: unknown): report is AnyReport {
  if (!isObject(report)) return false;
  const { clusterId, members, leaderId, appliedIndex } = report;
  const leader = leaderId === undefined || leaderId === '' || isId(leaderId);
  const applied = appliedIndex === undefined || Number.isSafeInteger(appliedIndex);
  return isId(clusterId) && Array.isArray(members) && members.every(isMember) && leader && applied;
}

function isMember(member: unknown): member is MemberView {
  if (!isObject(member)) return false;
  const { id, peerUrls, clientUrls, directoryId, life } = member;
  return isLife(life) && isId(id) && typeof directoryId === 'string' && isTextList(peerUrls) && isTextList(clientUrls);
}

/** What older versions do not say. */
function isLife(life: unknown): boolean {
  if (life === undefined || life === null) return true;
  return isObject(life) && Number.isSafeInteger(life['bootCount']) && Number.isSafeInteger(life['lifeId']);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
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
