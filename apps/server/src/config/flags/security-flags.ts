/** Who may connect, and how it is known who calls. */
import type { FlagGroup } from './flag.js';

export const SECURITY_FLAGS: FlagGroup = {
  heading: 'TLS and tokens',
  flags: [
    { name: 'cert-file', kind: 'text', value: 'file', help: 'certificate shown to clients, PEM; for https URLs' },
    { name: 'key-file', kind: 'text', value: 'file', help: 'its private key, PEM' },
    {
      name: 'trusted-ca-file',
      kind: 'text',
      value: 'file',
      help: 'authorities, PEM: clients must show a certificate that one of them has signed',
    },
    {
      name: 'client-cert-auth',
      kind: 'boolean',
      value: 'bool',
      fallback: 'false',
      help: 'the common name of a client certificate says who calls',
    },
    {
      name: 'auto-tls',
      kind: 'boolean',
      value: 'bool',
      fallback: 'false',
      help: 'refused: certificates are made outside',
    },
    {
      name: 'peer-cert-file',
      kind: 'text',
      value: 'file',
      help: 'certificate shown to other members, PEM; for https URLs',
    },
    { name: 'peer-key-file', kind: 'text', value: 'file', help: 'its private key, PEM' },
    {
      name: 'peer-trusted-ca-file',
      kind: 'text',
      value: 'file',
      help: 'authorities, PEM: other members must show a certificate that one of them has signed',
    },
    {
      name: 'peer-client-cert-auth',
      kind: 'boolean',
      value: 'bool',
      fallback: 'false',
      help: 'as --peer-trusted-ca-file, which it needs',
    },
    {
      name: 'peer-auto-tls',
      kind: 'boolean',
      value: 'bool',
      fallback: 'false',
      help: 'refused: certificates are made outside',
    },
    {
      name: 'cipher-suites',
      kind: 'text',
      value: 'names',
      help: "cipher suites of TLS, in Go's or OpenSSL's names, separated by commas",
    },
    {
      name: 'auth-token',
      kind: 'text',
      value: 'kind',
      fallback: 'simple',
      help: 'tokens of clients: "simple", or "jwt,sign-method=RS256,pub-key=file,priv-key=file,ttl=5m"',
    },
    {
      name: 'auth-token-ttl',
      kind: 'count',
      value: 'seconds',
      fallback: '300',
      help: 'how long a simple token lives that nobody uses',
    },
  ],
};
