/**
 * Flags of etcd 3.4 that stand for something else here, or for nothing: why, and what to use instead. A value that asks
 * for what is done here anyway is accepted, so that a command line of etcd's works as far as it can.
 */

export interface EtcdFlag {
  readonly name: string;
  /** Values that ask for what is done anyway. */
  readonly accepted: readonly string[];
  /** After the flag's name. */
  readonly refusal: string;
}

const PROXY = "etcd's v2 proxy is not built; a machine that stands by forwards to the cluster, see --join";
const BOLT = 'the state is not kept in bbolt';
const TRUST = 'who may connect is decided by --peer-trusted-ca-file: use an authority of its own for the members';

export const ETCD_FLAGS: readonly EtcdFlag[] = [
  {
    name: 'pre-vote',
    accepted: ['true'],
    refusal: 'pre-vote is always on; a member that was cut off must not disturb the others',
  },
  { name: 'initial-election-tick-advance', accepted: ['true', 'false'], refusal: 'takes true or false' },
  { name: 'enable-v2', accepted: ['false'], refusal: "etcd's v2 API is not built; v3 is" },
  { name: 'experimental-enable-v2v3', accepted: [''], refusal: "etcd's v2 API is not built; v3 is" },
  {
    name: 'metrics',
    accepted: ['basic', 'extensive'],
    refusal: 'takes "basic" or "extensive"; every figure is always there',
  },
  { name: 'logger', accepted: ['zap'], refusal: 'logs are structured, as those of "zap"; see --log-format' },
  { name: 'log-outputs', accepted: ['default', 'stderr'], refusal: 'logs go to standard error; redirect it' },
  { name: 'log-package-levels', accepted: [''], refusal: 'there is one level for all: --log-level' },
  { name: 'debug', accepted: ['false'], refusal: 'use --log-level=debug' },
  { name: 'enable-pprof', accepted: ['false'], refusal: "pprof is Go's; start node with --inspect or --cpu-prof" },
  { name: 'wal-dir', accepted: [''], refusal: 'log and state live in one directory; put --data-dir on the fast disk' },
  { name: 'max-wals', accepted: ['5'], refusal: 'the log is one, and is cut as --snapshot-count says' },
  {
    name: 'max-snapshots',
    accepted: ['5'],
    refusal: 'there are no snapshot files to keep; "ctl snapshot save" makes one',
  },
  { name: 'backend-batch-limit', accepted: ['0'], refusal: `${BOLT}; it is flushed as --snapshot-count says` },
  { name: 'backend-batch-interval', accepted: ['0', '0s'], refusal: `${BOLT}; it is flushed as --snapshot-count says` },
  { name: 'experimental-backend-bbolt-freelist-type', accepted: [], refusal: BOLT },
  { name: 'bcrypt-cost', accepted: ['10'], refusal: 'passwords are hashed with scrypt, at a cost that is fixed' },
  { name: 'discovery-fallback', accepted: ['exit'], refusal: 'a discovery that fails is an error' },
  { name: 'discovery-proxy', accepted: [''], refusal: 'nothing is asked for through a proxy' },
  { name: 'proxy', accepted: ['off'], refusal: PROXY },
  { name: 'proxy-failure-wait', accepted: ['5000'], refusal: PROXY },
  { name: 'proxy-refresh-interval', accepted: ['30000'], refusal: PROXY },
  { name: 'proxy-dial-timeout', accepted: ['1000'], refusal: PROXY },
  { name: 'proxy-write-timeout', accepted: ['5000'], refusal: PROXY },
  { name: 'proxy-read-timeout', accepted: ['0'], refusal: PROXY },
  {
    name: 'client-crl-file',
    accepted: [''],
    refusal: 'lists of revoked certificates are not read; sign short-lived ones',
  },
  {
    name: 'peer-crl-file',
    accepted: [''],
    refusal: 'lists of revoked certificates are not read; sign short-lived ones',
  },
  { name: 'client-cert-allowed-hostname', accepted: [''], refusal: 'who may do what is decided by users and roles' },
  { name: 'peer-cert-allowed-cn', accepted: [''], refusal: TRUST },
  { name: 'peer-cert-allowed-hostname', accepted: [''], refusal: TRUST },
  {
    name: 'experimental-peer-skip-client-san-verification',
    accepted: ['true'],
    refusal: "the names in a member's certificate are checked by who dials it, and not by who is dialled",
  },
  {
    name: 'experimental-enable-lease-checkpoint',
    accepted: ['false'],
    refusal: 'a new leader gives every lease its whole time again',
  },
  {
    name: 'experimental-compaction-batch-limit',
    accepted: ['1000'],
    refusal: 'a compaction goes on in small steps by itself',
  },
  {
    name: 'experimental-warning-apply-duration',
    accepted: ['100ms'],
    refusal: 'see understudy_event_loop_lag_seconds in /metrics',
  },
];

/** Null where the value asks for what is done anyway. A flag without a value is `true`. */
export function refusalOf(flag: EtcdFlag, value: string): string | null {
  return flag.accepted.includes(value) ? null : `--${flag.name}: ${flag.refusal}`;
}
