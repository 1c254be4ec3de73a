/** How a machine finds its cluster, or begins one. */
import type { FlagGroup } from './flag.js';

export const CLUSTER_FLAGS: FlagGroup = {
  heading: 'Cluster',
  flags: [
    {
      name: 'initial-cluster',
      kind: 'text',
      value: 'name=url,...',
      help: 'the members of the first start (default: this one alone)',
    },
    {
      name: 'initial-cluster-state',
      kind: 'text',
      value: 'state',
      fallback: 'new',
      help: '"new" for a bootstrap, "existing" to join a cluster that has added this member',
    },
    {
      name: 'initial-cluster-token',
      kind: 'text',
      value: 'token',
      fallback: 'understudy-cluster',
      help: 'keeps clusters with equal URLs apart',
    },
    {
      name: 'join',
      kind: 'text',
      value: 'urls',
      help: 'client or peer URLs of a cluster to take part in, as whatever it needs: standby, learner or voter',
    },
    {
      name: 'bootstrap-expect',
      kind: 'count',
      value: 'count',
      help: 'the first so many of --join, which are peer URLs then, are the voters of a new cluster; all others stand by',
    },
    {
      name: 'discovery-srv',
      kind: 'text',
      value: 'domain',
      help: 'find the peers by DNS: the SRV records _etcd-server._tcp of this domain, in place of --join',
    },
    {
      name: 'discovery-srv-name',
      kind: 'text',
      value: 'suffix',
      help: 'looks for _etcd-server-SUFFIX._tcp instead',
    },
    {
      name: 'discovery',
      kind: 'text',
      value: 'url',
      help: "etcd's v2 discovery service is not spoken: use --bootstrap-expect with --join, or --discovery-srv",
    },
    {
      name: 'force-new-cluster',
      kind: 'boolean',
      value: 'bool',
      fallback: 'false',
      help: 'a quorum is lost for ever: make this survivor a cluster of one, with the data that it has; once, then take it away',
    },
  ],
};
