/** Certificates for tests, made by openssl: an authority, and whom it signs. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KeyPair {
  readonly certFile: string;
  readonly keyFile: string;
}

export function opensslInstalled(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export class Authority {
  readonly caFile: string;
  readonly #directory: string;
  readonly #keyFile: string;

  constructor(directory: string, name = 'authority') {
    this.#directory = directory;
    this.caFile = join(directory, `${name}.crt`);
    this.#keyFile = join(directory, `${name}.key`);
    openssl('req', '-x509', '-subj', `/CN=${name}`, '-days', '2', ...newKey(this.#keyFile), '-out', this.caFile);
  }

  /** For 127.0.0.1 and localhost; replaces the one of that file. */
  sign(commonName: string, file = commonName): KeyPair {
    const at = (ending: string): string => join(this.#directory, `${file}.${ending}`);
    openssl('req', '-subj', `/CN=${commonName}`, ...newKey(at('key')), '-out', at('csr'));
    writeFileSync(at('ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    const by = ['-CA', this.caFile, '-CAkey', this.#keyFile, '-CAcreateserial', '-days', '2', '-extfile', at('ext')];
    openssl('x509', '-req', '-in', at('csr'), ...by, '-out', at('crt'));
    return { certFile: at('crt'), keyFile: at('key') };
  }
}

function newKey(file: string): string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file];
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}
