/** Which of some processes holds the loopback end of a connection that has this port: read from Linux' /proc. */
import { readdir, readFile, readlink } from 'node:fs/promises';

/** Columns of /proc/net/tcp. */
const LOCAL_ADDRESS = 1;
const INODE = 9;

/** Null where none of them does, or does no more. */
export async function ownerOfPort(port: number, pids: readonly number[]): Promise<number | null> {
  const inode = await inodeOf(port);
  if (inode === null) return null;
  const owns = await Promise.all(pids.map((pid) => holds(pid, `socket:[${inode}]`)));
  return pids[owns.indexOf(true)] ?? null;
}

async function inodeOf(port: number): Promise<string | null> {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    if (columns[LOCAL_ADDRESS] === local && columns[INODE] !== '0') return columns[INODE] as string;
  }
  return null;
}

async function holds(pid: number, target: string): Promise<boolean> {
  const directory = `/proc/${pid}/fd`;
  const descriptors = await readdir(directory).catch(() => []);
  const targets = await Promise.all(descriptors.map((fd) => readlink(`${directory}/${fd}`).catch(() => '')));
  return targets.includes(target);
}
