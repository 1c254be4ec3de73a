import {
  type ClusterView,
  MEMBER_DEFAULTS,
  type MemberView,
  plan,
  resolvePolicy,
  trackMember,
} from '@understudy/membership';

const resolved = resolvePolicy({ activeSize: 3, failoverAfterMs: 2_000 });
if (!resolved.ok) throw new Error(resolved.text);

const member = (id: number, answers: boolean): MemberView => {
  const seen = { answers, replication: answers ? 'replicate' : 'probe', match: 812 } as const;
  const track = trackMember(undefined, seen, { ...resolved.policy, lastIndex: 812 }, 0);
  const known = { name: `n${id}`, peerUrls: [`http://10.0.0.${id}:2380`], started: true, protocol: { min: 1, max: 1 } };
  return { ...MEMBER_DEFAULTS, id, role: 'voter', ...known, ...seen, track };
};
const standby = {
  ...{ registrationId: 77, name: 's1', peerUrls: ['http://10.0.0.9:2380'], clientUrls: [], zone: '' },
  ...{ standbyOnly: false, drained: false, connected: true, lastSeenMs: 0, failedActivations: 0 },
  ...{ protocol: { min: 1, max: 1 }, reservation: null },
};
const view: ClusterView = {
  ...{ term: 3, configIndex: 9, leaderId: 1, lastIndex: 812, protocol: 1, electionTimeoutMs: 1_000 },
  ...{ leadershipConfirmed: true, committedInTerm: true, configInFlight: false, outgoingVoters: [] },
  ...{ members: [member(1, true), member(2, true), member(3, false)], standbys: [standby], removals: [], alarms: [] },
};
// The executor makes the token and replicates the reservation; from then on the view has it.
const reservation = { token: 5, term: 3, purpose: 'failover', forMemberId: 3 } as const;
const reserved = { ...view, standbys: [{ ...standby, reservation }] };

for (const line of plan(view, resolved.policy, 100).explain) console.log(line);
for (const action of plan(reserved, resolved.policy, 2_000).actions) console.log(action.text);
