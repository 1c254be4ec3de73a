/** The recorded transcripts: `transcripts/*.txt` in the quick tier, `transcripts/long/*.txt` in the long one. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTranscript, type Transcript } from './transcript.js';

const FOLDER = fileURLToPath(new URL('../../transcripts/', import.meta.url));

export function readTranscripts(folder = '.'): [name: string, transcript: Transcript][] {
  const files = readdirSync(join(FOLDER, folder)).filter((file) => file.endsWith('.txt'));
  return files.map((file) => [
    file.slice(0, -'.txt'.length),
    parseTranscript(readFileSync(join(FOLDER, folder, file), 'utf8')),
  ]);
}

/** Says so, loudly, where etcdctl is missing. */
export function etcdctlIsInstalled(): boolean {
  const installed = spawnSync('etcdctl', ['version'], { env: { ...process.env, ETCDCTL_API: '3' } }).status === 0;
  if (!installed) console.warn('SKIPPED: the etcdctl transcripts need etcdctl 3.4 (Debian package etcd-client)');
  return installed;
}
