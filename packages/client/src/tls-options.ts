// What a client needs for `https` endpoints; the names are those of `node:tls`.

export interface TlsOptions {
  /** Certificates that may have signed the server's, PEM. Default: the ones Node trusts. */
  readonly ca?: string | Buffer | (string | Buffer)[];
  /** The client's own certificate and key, PEM, where the server asks for one. */
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Refuse a server whose certificate does not hold. Default true; false is for tests. */
  readonly rejectUnauthorized?: boolean;
  /** The name the certificate must have. Default: the endpoint's host. */
  readonly servername?: string;
}
