// What this tool is, and the API it speaks.
import { readFileSync } from 'node:fs';

/** The etcd API version whose behaviour and texts are followed. */
export const API_VERSION = '3.4';

/** The version of this package. */
export function ctlVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
