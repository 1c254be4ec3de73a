// What an executor and the cluster make of an action: the model that plans are carried out in. It is strict: an action that
// a real cluster could not carry out is an error here.
import {
  type Action,
  type ClusterView,
  MEMBER_DEFAULTS,
  MemberRole,
  type MemberView,
  type Policy,
  trackMember,
} from '../../src/index.js';

export interface Cluster {
  readonly view: ClusterView;
  readonly policy: Policy;
  /** The next member id, registration id or token. */
  readonly nextId: number;
}

/** Removed machines register again when `returns`, those that lost their data, too; drained ones say so. */
export interface Options {
  readonly returns: boolean;
}

export function carryOut(cluster: Cluster, action: Action, nowMs: number, options: Options): Cluster {
  const { view } = cluster;
  must(action.term === view.term && action.configIndex === view.configIndex, `stale: ${action.text}`);
  switch (action.type) {
    case 'promote':
      return reconfigure(cluster, (member) => (action.memberIds.includes(member.id) ? promoted(member) : member));
    case 'swap':
      return reconfigure(cluster, (member) => {
        if (member.id === action.promoteId) return promoted(member);
        return member.id === action.demoteId ? demoted(member) : member;
      });
    case 'remove':
      return remove(cluster, action, nowMs, options);
    case 'activate':
      return activate(cluster, action, nowMs);
    case 'reserve': {
      const standby = view.standbys.find(({ registrationId }) => registrationId === action.registrationId);
      must(standby?.reservation === null, `reserved twice: ${action.text}`);
      const { purpose, forMemberId } = action;
      const reservation = { token: cluster.nextId, term: view.term, purpose, forMemberId };
      return { ...withStandby(cluster, action.registrationId, { reservation }), nextId: cluster.nextId + 1 };
    }
    case 'release':
      return withStandby(cluster, action.registrationId, { reservation: null });
    case 'forget':
      return with_(cluster, {
        standbys: view.standbys.filter(({ registrationId }) => !action.registrationIds.includes(registrationId)),
      });
    case 'alarm': {
      const rest = view.alarms.filter(({ alarm, memberId }) => alarm !== action.alarm || memberId !== action.memberId);
      must(action.raised === (rest.length === view.alarms.length), `no change: ${action.text}`);
      const { alarm, memberId } = action;
      return with_(cluster, { alarms: action.raised ? [...rest, { alarm, memberId }] : rest });
    }
    case 'fix-active-size':
      return { ...cluster, policy: { ...cluster.policy, activeSize: action.size } };
    case 'transfer-leadership':
      return with_(cluster, { leaderId: action.toId, term: view.term + 1 });
  }
}

export function must(condition: boolean, text: string): void {
  if (!condition) throw new Error(`the model cannot carry this out: ${text}`);
}

export function with_(cluster: Cluster, change: Partial<ClusterView>): Cluster {
  return { ...cluster, view: { ...cluster.view, ...change } };
}

function reconfigure(cluster: Cluster, change: (member: MemberView) => MemberView): Cluster {
  const { view } = cluster;
  return with_(cluster, { members: view.members.map(change), configIndex: view.configIndex + 1 });
}

function promoted(member: MemberView): MemberView {
  must(member.role === MemberRole.Learner, `promoted a ${member.role}`);
  return { ...member, role: MemberRole.Voter };
}

function demoted(member: MemberView): MemberView {
  must(member.role === MemberRole.Voter, `demoted a ${member.role}`);
  return { ...member, role: MemberRole.Learner, promotion: 'auto' };
}

function withStandby(cluster: Cluster, id: number, change: Partial<ClusterView['standbys'][number]>): Cluster {
  const { standbys } = cluster.view;
  must(
    standbys.some(({ registrationId }) => registrationId === id),
    `no standby ${id}`,
  );
  return with_(cluster, {
    standbys: standbys.map((standby) => (standby.registrationId === id ? { ...standby, ...change } : standby)),
  });
}

function remove(cluster: Cluster, action: Action & { type: 'remove' }, nowMs: number, options: Options): Cluster {
  const { view } = cluster;
  const gone = view.members.filter(({ id }) => action.memberIds.includes(id));
  must(gone.length === action.memberIds.length, `removed nobody: ${action.text}`);
  const members = view.members.filter((member) => !gone.includes(member));
  const removals = action.automatic ? [...view.removals, { atMs: nowMs, memberIds: action.memberIds }] : view.removals;
  let { nextId } = cluster;
  const back = options.returns ? gone.filter(({ answers, lost }) => answers || lost) : [];
  const standbys = back.map((member) => ({
    registrationId: nextId++,
    name: member.name,
    peerUrls: member.peerUrls,
    clientUrls: [],
    zone: member.zone,
    standbyOnly: false,
    drained: action.cause === 'drained' || action.cause === 'replaced',
    connected: true,
    lastSeenMs: nowMs,
    protocol: member.protocol,
    failedActivations: 0,
    reservation: null,
  }));
  const configIndex = view.configIndex + 1;
  return {
    ...with_(cluster, { members, removals, configIndex, standbys: [...view.standbys, ...standbys] }),
    nextId,
  };
}

function activate(cluster: Cluster, action: Action & { type: 'activate' }, nowMs: number): Cluster {
  const { view, policy } = cluster;
  const standby = view.standbys.find(({ registrationId }) => registrationId === action.registrationId);
  if (standby === undefined) throw new Error(`no such standby: ${action.text}`);
  must(standby.reservation?.token === action.token, `wrong token: ${action.text}`);
  const sighting = { answers: false, replication: 'probe', match: 0 } as const;
  const added: MemberView = {
    ...MEMBER_DEFAULTS,
    ...sighting,
    id: cluster.nextId,
    name: standby.name,
    role: MemberRole.Learner,
    peerUrls: standby.peerUrls,
    zone: standby.zone,
    started: false,
    protocol: standby.protocol,
    promotion: action.promotion,
    triggers: action.triggers,
    origin: 'automation',
    addedAtMs: nowMs,
    track: trackMember(undefined, sighting, { ...policy, lastIndex: view.lastIndex }, nowMs),
  };
  const standbys = view.standbys.filter((other) => other !== standby);
  const configIndex = view.configIndex + 1;
  return {
    ...with_(cluster, { members: [...view.members, added], standbys, configIndex }),
    nextId: cluster.nextId + 1,
  };
}
