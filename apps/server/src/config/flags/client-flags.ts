/** What clients may ask for, and how their connections are kept. */
import type { FlagGroup } from './flag.js';

export const CLIENT_FLAGS: FlagGroup = {
  heading: 'Clients',
  flags: [
    { name: 'max-request-bytes', kind: 'count', value: 'bytes', fallback: '1572864', help: 'largest request accepted' },
    { name: 'max-txn-ops', kind: 'count', value: 'count', fallback: '128', help: 'most operations in a transaction' },
    {
      name: 'max-concurrent-streams',
      kind: 'count',
      value: 'count',
      fallback: '10000',
      help: 'most calls and streams of one gRPC connection at once',
    },
    {
      name: 'grpc-keepalive-min-time',
      kind: 'duration',
      value: 'duration',
      fallback: '5s',
      help: 'how often a gRPC client may ping while it has calls; more often ends its connection',
    },
    {
      name: 'grpc-keepalive-interval',
      kind: 'duration',
      value: 'duration',
      fallback: '2h',
      help: 'silence after which a gRPC client is pinged; 0 turns it off',
    },
    {
      name: 'grpc-keepalive-timeout',
      kind: 'duration',
      value: 'duration',
      fallback: '20s',
      help: 'how long a pinged gRPC client has to answer before its connection is closed; 0: it is not pinged',
    },
    {
      name: 'experimental-watch-progress-notify-interval',
      kind: 'text',
      value: 'duration',
      fallback: '10m',
      help: 'how often a watch that asks for it hears of progress while nothing happens',
    },
    {
      name: 'host-whitelist',
      kind: 'text',
      value: 'hosts',
      help: 'more Host names to accept from HTTP clients; * for any',
    },
    { name: 'cors', kind: 'text', value: 'origins', help: 'web origins to accept besides our own; * for any' },
  ],
};
