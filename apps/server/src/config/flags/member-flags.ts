/** What a process is called, where it keeps its data, and where it listens. */
import type { FlagGroup } from './flag.js';

export const MEMBER_FLAGS: FlagGroup = {
  heading: 'Member',
  flags: [
    { name: 'name', kind: 'text', value: 'name', fallback: 'default', help: 'human-readable name of this member' },
    {
      name: 'config-file',
      kind: 'text',
      value: 'file',
      help: 'YAML with names of flags as keys; the command line and the environment win',
    },
    { name: 'data-dir', kind: 'text', value: 'directory', help: 'where the data is kept (default: NAME.understudy)' },
    {
      name: 'listen-client-urls',
      kind: 'text',
      value: 'urls',
      fallback: 'http://localhost:2379',
      help: 'where to listen for clients: gRPC, JSON over HTTP, and WebSocket',
    },
    {
      name: 'advertise-client-urls',
      kind: 'text',
      value: 'urls',
      help: 'client URLs told to the cluster (default: those listened on)',
    },
    {
      name: 'listen-peer-urls',
      kind: 'text',
      value: 'urls',
      fallback: 'http://localhost:2380',
      help: 'where to listen for other members',
    },
    {
      name: 'initial-advertise-peer-urls',
      kind: 'text',
      value: 'urls',
      help: 'peer URLs told to the cluster (default: those listened on)',
    },
    {
      name: 'listen-metrics-urls',
      kind: 'text',
      value: 'urls',
      help: 'more URLs for /metrics, /livez and /readyz of this process',
    },
    {
      name: 'log-level',
      kind: 'text',
      value: 'level',
      fallback: 'info',
      help: 'debug, info, warn, error, fatal or silent',
    },
    { name: 'log-format', kind: 'text', value: 'format', help: '"json" or "pretty" (default: pretty on a terminal)' },
  ],
};
