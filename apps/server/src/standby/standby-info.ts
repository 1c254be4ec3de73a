/**
 * What a standby keeps of itself and of its cluster across restarts: its registration, and whom to ask. It is a cache of
 * what the cluster says, and the mark of a machine that is no member: where it is, nothing is ever bootstrapped. It
 * decides nothing where there is a log.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterReport } from '../bootstrap/discovery.js';
import { formatId, randomId } from '../bootstrap/member-id.js';
import { ConfigError } from '../config/config-error.js';
import { readText, writeDurably } from '../durable-file.js';

const FILE = 'standby.json';
const FORMAT_VERSION = 1;

export interface StandbyInfo {
  /** 16 hexadecimal digits, made once for each time that this machine stands by: an activation names it. */
  readonly registration: string;
  /** Null until a cluster has answered. */
  readonly cluster: ClusterReport | null;
}

export function newStandbyInfo(cluster: ClusterReport | null): StandbyInfo {
  return { registration: formatId(randomId()), cluster };
}

/** Null where there is none. Throws ConfigError where it cannot be read. */
export async function readStandbyInfo(directory: string): Promise<StandbyInfo | null> {
  const text = await readText(join(directory, FILE));
  if (text === undefined) return null;
  try {
    const { version, registration, cluster } = JSON.parse(text) as StandbyInfo & { version: number };
    if (version === FORMAT_VERSION && /^[0-9a-f]{16}$/.test(registration) && cluster !== undefined) {
      return { registration, cluster };
    }
  } catch {
    // Told below, as what else cannot be used.
  }
  throw new ConfigError(
    `--data-dir: ${join(directory, FILE)} cannot be read; remove it to let this machine register anew, with --join`,
  );
}

export function writeStandbyInfo(directory: string, info: StandbyInfo): Promise<void> {
  return writeDurably(directory, FILE, `${JSON.stringify({ version: FORMAT_VERSION, ...info }, null, 2)}\n`);
}

/** This machine is a member now, and its log says so. */
export async function clearStandbyInfo(directory: string): Promise<void> {
  await rm(join(directory, FILE), { force: true });
}
