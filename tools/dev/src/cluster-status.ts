// Asks a running cluster, through its JSON gateway, who its members are and which role each of them plays, and who stands
// by. Every answer has a deadline; a member that gives none is shown as such.

const ANSWER_DEADLINE_MS = 800;

export type MemberRole = 'leader' | 'voter' | 'learner' | 'standby' | 'no leader' | 'no answer' | 'not started';

export interface MemberStatus {
  readonly name: string;
  /** 16 hex digits; of a standby, its registration. */
  readonly id: string;
  readonly role: MemberRole;
  readonly clientUrl: string;
  readonly version: string;
}

interface MemberListAnswer {
  readonly members?: readonly {
    readonly ID?: string;
    readonly name?: string;
    readonly clientURLs?: readonly string[];
    readonly isLearner?: boolean;
  }[];
}

interface StandbyListAnswer {
  readonly standbys?: readonly {
    readonly registration?: string;
    readonly name?: string;
    readonly clientURLs?: readonly string[];
    readonly connected?: boolean;
  }[];
}

interface StatusAnswer {
  readonly header?: { readonly member_id?: string };
  readonly leader?: string;
  readonly version?: string;
  readonly isLearner?: boolean;
}

/** A member is healthy when it says so, which it does only when it knows a leader. */
export async function isHealthy(clientUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${clientUrl}/health`, { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) });
    const body = (await response.json()) as { health?: unknown };
    return response.ok && String(body.health) === 'true';
  } catch {
    return false;
  }
}

/**
 * The member list of the first endpoint that gives one, with each member's own word on its role, and the standbys after
 * it; both sorted by name.
 */
export async function readClusterStatus(clientUrls: readonly string[]): Promise<MemberStatus[] | undefined> {
  const lists = await Promise.all(clientUrls.map((url) => post<MemberListAnswer>(url, '/v3/cluster/member/list')));
  const members = lists.find((list) => list?.members !== undefined)?.members;
  if (members === undefined) return undefined;
  const statuses = await Promise.all(
    members.map(async (member): Promise<MemberStatus> => {
      const clientUrl = member.clientURLs?.[0];
      const status =
        clientUrl === undefined ? undefined : await post<StatusAnswer>(clientUrl, '/v3/maintenance/status');
      return {
        name: member.name ?? '',
        id: formatId(member.ID),
        role: clientUrl === undefined ? 'not started' : roleOf(member.isLearner === true, status),
        clientUrl: clientUrl ?? '',
        version: status?.version ?? '',
      };
    }),
  );
  return [...statuses.sort(byName), ...(await readStandbys(clientUrls)).sort(byName)];
}

async function readStandbys(clientUrls: readonly string[]): Promise<MemberStatus[]> {
  const lists = await Promise.all(clientUrls.map((url) => post<StandbyListAnswer>(url, '/understudy/v1/standby/list')));
  const standbys = lists.find((list) => list !== undefined)?.standbys ?? [];
  return standbys
    .filter(({ connected }) => connected === true)
    .map(({ name = '', registration = '', clientURLs = [] }) => ({
      name,
      id: registration,
      role: 'standby',
      clientUrl: clientURLs[0] ?? '',
      version: '',
    }));
}

/** Makes the machine with these peer URLs a learner that only takes the place of a voter that is lost. */
export async function addFailoverLearner(clientUrl: string, peerUrl: string): Promise<boolean> {
  const request = { peerURLs: [peerUrl], role: 'LEARNER', promote: 'failover' };
  return (await post(clientUrl, '/understudy/v1/member/add', request)) !== undefined;
}

function byName(a: MemberStatus, b: MemberStatus): number {
  return a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1;
}

function roleOf(isLearner: boolean, status: StatusAnswer | undefined): MemberRole {
  if (status === undefined) return 'no answer';
  if (isLearner) return 'learner';
  const leader = status.leader ?? '0';
  if (leader === '0') return 'no leader';
  return leader === status.header?.member_id ? 'leader' : 'voter';
}

function formatId(decimal: string | undefined): string {
  return decimal === undefined ? '' : BigInt(decimal).toString(16).padStart(16, '0');
}

async function post<T>(clientUrl: string, path: string, request: object = {}): Promise<T | undefined> {
  try {
    const response = await fetch(`${clientUrl}${path}`, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
    });
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}
