/**
 * Ids of the bootstrap set, computed alike on every member from the same flags: 52 bits of SHA-256, never 0.
 * Members that are added later get random ids from the leader.
 */
import { createHash, randomBytes } from 'node:crypto';

/** Keeps an id below 2^52, so that the next few are safe integers too, and above 0. */
function idFrom(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const id = (view.getUint32(0) & 0xf_ffff) * 2 ** 32 + view.getUint32(4);
  return id === 0 ? 1 : id;
}

export function bootstrapMemberId(peerUrls: readonly string[], clusterToken: string): number {
  const hash = createHash('sha256');
  for (const url of [...peerUrls].sort()) hash.update(url).update('\0');
  return idFrom(hash.update(clusterToken).digest());
}

export function bootstrapClusterId(memberIds: readonly number[], clusterToken: string): number {
  const hash = createHash('sha256').update('cluster\0').update(clusterToken);
  for (const id of [...memberIds].sort((a, b) => a - b)) hash.update(`\0${id}`);
  return idFrom(hash.digest());
}

export function randomId(): number {
  return idFrom(randomBytes(8));
}

/** As ids are printed everywhere: 16 hexadecimal digits. */
export function formatId(id: number): string {
  return id.toString(16).padStart(16, '0');
}
