/**
 * The certificate that this process shows, and the authorities that it trusts, as files on disk: read at the start, and
 * again when they change, so that certificates are renewed without a restart. A change that cannot be used leaves what is
 * in use as it is.
 */
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { ConfigError } from '../config/config-error.js';
import type { TlsFiles } from '../config/tls-flags.js';
import type { Logger } from '../telemetry/logger.js';

/** How often the files are looked at. */
const LOOK_INTERVAL_MS = 2000;
/** A handshake takes so long at most. */
const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;

/** What a process needs to connect to others of its kind; read anew at each connection. */
export interface DialTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
}

interface Reloadable {
  setSecureContext(options: SecureContextOptions): void;
}

interface Loaded {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | null;
}

export class TlsIdentity {
  readonly files: TlsFiles;
  readonly #logger: Logger;
  readonly #servers: Reloadable[] = [];
  readonly #look: NodeJS.Timeout;
  #loaded: Loaded;
  #stamp: string;

  /** Throws ConfigError where the files cannot be used. `prefix` is that of the flags. */
  constructor(files: TlsFiles, prefix: '' | 'peer-', logger: Logger, lookIntervalMs = LOOK_INTERVAL_MS) {
    this.files = files;
    this.#logger = logger;
    this.#stamp = stampOf(files);
    try {
      this.#loaded = load(files);
    } catch (error) {
      throw new ConfigError(`--${prefix}cert-file, --${prefix}key-file: ${(error as Error).message}`);
    }
    this.#look = setInterval(() => this.#lookAgain(), lookIntervalMs);
    this.#look.unref();
  }

  /** For `tls.createServer` and `https.createServer`; `follow` gives the server what comes later. */
  serverOptions() {
    const { trustedCaFile } = this.files;
    const asks = trustedCaFile !== '';
    return {
      ...this.#context(),
      handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS,
      requestCert: asks,
      rejectUnauthorized: asks,
    };
  }

  follow(server: Reloadable): void {
    this.#servers.push(server);
  }

  /** Getters, so that who spreads it at each connection has what is there then. */
  get dial(): DialTls {
    const loaded = (): Loaded => this.#loaded;
    const own = {
      get cert() {
        return loaded().cert;
      },
      get key() {
        return loaded().key;
      },
    };
    if (this.#loaded.ca === null) return own;
    return Object.defineProperty(own, 'ca', { enumerable: true, get: () => loaded().ca ?? undefined });
  }

  /** Who the client is by its certificate; undefined where that is not asked. */
  commonName(socket: TLSSocket): string | undefined {
    if (!this.files.clientCertAuth || !socket.authorized) return undefined;
    const name = socket.getPeerCertificate().subject?.CN;
    return Array.isArray(name) ? name[0] : name;
  }

  stop(): void {
    clearInterval(this.#look);
  }

  #context(): SecureContextOptions {
    const { cert, key, ca } = this.#loaded;
    return {
      cert,
      key,
      ...(ca === null ? {} : { ca }),
      minVersion: 'TLSv1.2',
      ...(this.files.ciphers === '' ? {} : { ciphers: this.files.ciphers }),
    };
  }

  #lookAgain(): void {
    const stamp = stampOf(this.files);
    if (stamp === this.#stamp) return;
    // Not tried again before the next change: certificate and key may be replaced one after the other.
    this.#stamp = stamp;
    try {
      this.#loaded = load(this.files);
      for (const server of this.#servers) server.setSecureContext(this.#context());
      this.#logger.info({ file: this.files.certFile }, 'read certificates again');
    } catch (error) {
      this.#logger.warn(
        { err: error, file: this.files.certFile },
        'changed certificates cannot be used; the old ones stay',
      );
    }
  }
}

/** Throws where a file cannot be read, or key and certificate do not belong together. */
function load({ certFile, keyFile, trustedCaFile }: TlsFiles): Loaded {
  const loaded = {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ca: trustedCaFile === '' ? null : readFileSync(trustedCaFile),
  };
  createSecureContext({ cert: loaded.cert, key: loaded.key, ...(loaded.ca === null ? {} : { ca: loaded.ca }) });
  return loaded;
}

function stampOf({ certFile, keyFile, trustedCaFile }: TlsFiles): string {
  return [certFile, keyFile, trustedCaFile].map(stampOfFile).join();
}

function stampOfFile(file: string): string {
  if (file === '') return '';
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.mtimeMs}/${stat.ino}/${stat.size}`;
}
