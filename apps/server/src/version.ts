/**
 * Versions: our own, and the etcd API version that we speak, which is what etcd clients look at.
 */
import { createRequire } from 'node:module';

const manifest = createRequire(import.meta.url)('../package.json') as { version: string };

export const SERVER_VERSION = manifest.version;
/** The etcd release whose API, codes and texts this server follows. */
export const ETCD_API_VERSION = '3.4.0';

/** The body of GET /version, with etcd's fields. */
export const VERSION_REPORT = {
  etcdserver: ETCD_API_VERSION,
  etcdcluster: ETCD_API_VERSION,
  understudy: SERVER_VERSION,
} as const;
