// Certificates for tests, made by openssl: an authority, a server's for 127.0.0.1, and a client's.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const opensslInstalled = existsSync('/usr/bin/openssl');

export interface Certificates {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** Paths of files in the directory. */
export function makeCertificates(directory: string, clientName: string): Certificates {
  const at = (file: string): string => join(directory, file);
  const newKey = (file: string): string[] => ['-newkey', 'rsa:2048', '-nodes', '-keyout', at(file)];
  openssl('req', '-x509', '-subj', '/CN=test-ca', '-days', '2', ...newKey('ca.key'), '-out', at('ca.crt'));
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1\n');
  const sign = (name: string, file: string): { cert: string; key: string } => {
    openssl('req', '-subj', `/CN=${name}`, ...newKey(`${file}.key`), '-out', at(`${file}.csr`));
    const by = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', at('names')];
    openssl('x509', '-req', '-in', at(`${file}.csr`), ...by, '-out', at(`${file}.crt`));
    return { cert: at(`${file}.crt`), key: at(`${file}.key`) };
  };
  return { ca: at('ca.crt'), server: sign('server', 'server'), client: sign(clientName, 'client') };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}
