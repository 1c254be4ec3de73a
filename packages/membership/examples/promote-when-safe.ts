import {
  type ClusterView,
  checkAddMember,
  MEMBER_DEFAULTS,
  type MemberView,
  plan,
  resolvePolicy,
  trackMember,
} from '@understudy/membership';

const resolved = resolvePolicy({ stabilizationTimeMs: 5_000 });
if (!resolved.ok) throw new Error(resolved.text);
const { policy } = resolved;

const member = (id: number, role: MemberView['role']): MemberView => {
  const seen = { answers: true, replication: 'replicate', match: 812 } as const;
  const context = { ...policy, lastIndex: 812 };
  const first = trackMember(undefined, seen, context, 0); // a leader looks every few hundred milliseconds
  const track = trackMember(first, seen, context, 500);
  const known = { name: `n${id}`, peerUrls: [`http://10.0.0.${id}:2380`], started: true, protocol: { min: 1, max: 1 } };
  return { ...MEMBER_DEFAULTS, id, role, ...known, ...seen, promotion: 'auto', track };
};
const view: ClusterView = {
  ...{ term: 3, configIndex: 9, leaderId: 1, lastIndex: 812, protocol: 1, electionTimeoutMs: 1_000 },
  ...{ leadershipConfirmed: true, committedInTerm: true, configInFlight: false, outgoingVoters: [] },
  ...{ standbys: [], removals: [], alarms: [] },
  members: [member(1, 'voter'), member(2, 'voter'), member(3, 'voter'), member(4, 'learner')],
};

console.log(plan(view, policy, 2_000).holds[0]?.text); // n4 (0000000000000004) has been close for 2s of 5s
console.log(plan(view, policy, 5_000).actions[0]?.text); // promote n4 (0000000000000004), 0 entries behind
console.log(checkAddMember(view, { id: 5, role: 'learner', peerUrls: ['http://10.0.0.4:2380'] }, policy)); // refused
