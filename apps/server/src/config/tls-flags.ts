/** The flags of TLS, for clients and for peers: the same ones, the latter with `peer-` in front. */
import { getCiphers } from 'node:tls';
import { ConfigError } from './config-error.js';
import type { GivenFlags } from './command-line.js';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Whoever connects must show a certificate that these authorities have signed; empty: nobody is asked for one. */
  readonly trustedCaFile: string;
  /** A certificate's common name says who calls. */
  readonly clientCertAuth: boolean;
  /** As OpenSSL names them; empty: its own choice. */
  readonly ciphers: string;
}

/**
 * Null without certificates. `urls` are those that are listened on and advertised, by flag: an https one needs a
 * certificate.
 */
export function tlsFiles(
  flags: GivenFlags,
  prefix: '' | 'peer-',
  urls: Readonly<Record<string, readonly string[]>>,
): TlsFiles | null {
  const name = (flag: string): string => `${prefix}${flag}`;
  const [certFlag, keyFlag, caFlag] = [name('cert-file'), name('key-file'), name('trusted-ca-file')] as const;
  if (flags.boolean(name('auto-tls')) === true) {
    throw new ConfigError(
      `--${name('auto-tls')}: a certificate that vouches for itself proves nothing; make one and give --${certFlag} and --${keyFlag}`,
    );
  }
  const certFile = flags.text(certFlag) ?? '';
  const keyFile = flags.text(keyFlag) ?? '';
  const trustedCaFile = flags.text(caFlag) ?? '';
  const clientCertAuth = flags.boolean(name('client-cert-auth')) ?? false;
  if ((certFile === '') !== (keyFile === '')) throw new ConfigError(`--${certFlag} and --${keyFlag} go together`);
  if (clientCertAuth && trustedCaFile === '') {
    throw new ConfigError(`--${name('client-cert-auth')}: needs --${caFlag}, the authorities that sign certificates`);
  }
  if (trustedCaFile !== '' && certFile === '') {
    throw new ConfigError(`--${caFlag}: needs --${certFlag} and --${keyFlag}; without them there is no TLS`);
  }
  for (const [flag, list] of Object.entries(urls)) {
    const secure = list.find((url) => url.startsWith('https:'));
    if (secure !== undefined && certFile === '') {
      throw new ConfigError(`--${flag}: ${secure} asks for TLS; give --${certFlag} and --${keyFlag}`);
    }
  }
  return certFile === ''
    ? null
    : { certFile, keyFile, trustedCaFile, clientCertAuth, ciphers: ciphers(flags.text('cipher-suites')) };
}

/** Go's names for what OpenSSL calls otherwise; those of TLS 1.3 are the same in both. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  TLS_RSA_WITH_AES_128_GCM_SHA256: 'AES128-GCM-SHA256',
  TLS_RSA_WITH_AES_256_GCM_SHA384: 'AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305: 'ECDHE-ECDSA-CHACHA20-POLY1305',
};

function ciphers(text: string | undefined): string {
  const known = new Set(getCiphers().map((cipher) => cipher.toUpperCase()));
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const cipher = OPENSSL_NAMES[part] ?? part;
      if (!known.has(cipher.toUpperCase())) throw new ConfigError(`--cipher-suites: "${part}" is not known here`);
      return cipher;
    })
    .join(':');
}
