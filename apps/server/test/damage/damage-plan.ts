/**
 * Damage to the files of a data directory: every kind, at places drawn from a seed. The whole list is made before the
 * first of it is tried, so that nothing is retried or left out.
 */
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export const DAMAGE_KINDS = ['flip a bit', 'zero a page', 'cut the tail', 'delete', 'swap with an older copy'] as const;
export type DamageKind = (typeof DAMAGE_KINDS)[number];

export interface Damage {
  /** Relative to the data directory. */
  readonly file: string;
  readonly kind: DamageKind;
  /** 0 to 1: where in the file. */
  readonly place: number;
  readonly bit: number;
}

const PAGE_BYTES = 4096;

/** A repeatable sequence of numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export async function filesOf(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(directory, file)).sort();
}

/** Every file with every kind in turn, as often as it takes; swaps only where `older` has the file. */
export async function planDamages(
  directory: string,
  older: string,
  count: number,
  random: () => number,
): Promise<Damage[]> {
  const files = await filesOf(directory);
  const before = new Set(await filesOf(older));
  const pairs = DAMAGE_KINDS.flatMap((kind) =>
    files.filter((file) => kind !== 'swap with an older copy' || before.has(file)).map((file) => ({ file, kind })),
  );
  const damages: Damage[] = [];
  while (damages.length < count) {
    for (const pair of shuffled(pairs, random).slice(0, count - damages.length)) {
      damages.push({ ...pair, place: random(), bit: Math.floor(random() * 8) });
    }
  }
  return damages;
}

/** False where the file came out as it was: nothing to damage at that place. */
export async function inflict(directory: string, older: string, damage: Damage): Promise<boolean> {
  const path = join(directory, damage.file);
  const before = await readFile(path);
  const at = Math.min(Math.floor(damage.place * before.length), Math.max(0, before.length - 1));
  switch (damage.kind) {
    case 'flip a bit': {
      if (before.length === 0) return false;
      const bytes = Buffer.from(before);
      bytes.writeUInt8((before[at] as number) ^ (1 << damage.bit), at);
      await writeFile(path, bytes);
      return true;
    }
    case 'zero a page': {
      const from = at - (at % PAGE_BYTES);
      const bytes = Buffer.from(before).fill(0, from, Math.min(before.length, from + PAGE_BYTES));
      await writeFile(path, bytes);
      return !bytes.equals(before);
    }
    case 'cut the tail':
      await truncate(path, at);
      return before.length > 0;
    case 'delete':
      await rm(path);
      return true;
    case 'swap with an older copy':
      await cp(join(older, damage.file), path);
      return !(await readFile(path)).equals(before);
  }
}

/** `wal: LevelDB log`, `state: CURRENT`: what a file is, whatever its number. */
export function fileClass(file: string): string {
  const [, part = '', ...rest] = file.split('/');
  const name = rest.at(-1) ?? part;
  if (rest.length === 0) return name;
  const level = rest.length > 1 ? levelClass(name) : name.replace(/\.[01]$/, '');
  return `${part}: ${level}`;
}

function levelClass(name: string): string {
  if (name.endsWith('.log')) return 'LevelDB log';
  if (name.endsWith('.ldb')) return 'LevelDB table';
  return name.startsWith('MANIFEST') ? 'LevelDB manifest' : `LevelDB ${name}`;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}
