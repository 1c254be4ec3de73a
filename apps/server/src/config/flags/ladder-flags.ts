/** What a machine may become, and how the leader tends the members. */
import type { FlagGroup } from './flag.js';

export const LADDER_FLAGS: FlagGroup = {
  heading: 'Standbys, learners and voters',
  flags: [
    {
      name: 'role',
      kind: 'text',
      value: 'role',
      fallback: 'any',
      help: '"any", or "standby-only": this machine is never made a member',
    },
    { name: 'zone', kind: 'text', value: 'name', help: 'where this machine is; voters are spread over zones' },
    {
      name: 'on-removal',
      kind: 'text',
      value: 'what',
      fallback: 'standby',
      help: '"standby": a member that is removed stands by from then on; "exit": the process ends, as with etcd',
    },
    {
      name: 'standby-mode',
      kind: 'text',
      value: 'mode',
      fallback: 'auto',
      help: 'how a standby serves clients: "redirect" (307), "forward", or "auto": forwards what knows no redirect',
    },
    {
      name: 'policy',
      kind: 'text',
      value: 'name=value ...',
      help: 'settings of the policy of a cluster that has none yet, separated by spaces; later, "ctl policy set"',
    },
    {
      name: 'max-learners',
      kind: 'count',
      value: 'count',
      fallback: '4',
      help: 'most learners in the cluster; as --policy maxLearners=',
    },
    {
      name: 'new-member',
      kind: 'text',
      value: 'role',
      fallback: 'join',
      help: '"join": who is added to vote is a learner until it is in sync; "voter": it votes at once, as in etcd',
    },
    {
      name: 'learner-source',
      kind: 'text',
      value: 'who',
      fallback: 'voter',
      help: '"voter": learners are sent snapshots by a voter that is in sync, or else by the leader; "leader": by the leader',
    },
    {
      name: 'learner-bytes-per-second',
      kind: 'count',
      value: 'bytes',
      fallback: '67108864',
      help: 'most that learners are sent, all together, to catch up; less while it would slow down writes',
    },
    {
      name: 'max-staleness',
      kind: 'duration',
      value: 'duration',
      fallback: '0',
      help: 'on a learner or reader, refuse serializable reads whose data may be older; 0 for never',
    },
    {
      name: 'strict-reconfig-check',
      kind: 'boolean',
      value: 'bool',
      fallback: 'true',
      help: 'refuse membership changes that could lose the quorum',
    },
  ],
};
