/**
 * Damage to the files of a data directory: every kind, at places drawn from a seed. The whole list is made before the
 * first of it is tried, so that nothing is retried or left out.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  /** For a swap, where the older copy has the file under another name. */
  readonly olderFile?: string;
}

/** Of a live directory, whose files LevelDB names anew: one of a class, whatever it is called when its turn comes. */
export interface ClassDamage extends Omit<Damage, 'file' | 'olderFile'> {
  readonly fileClass: string;
  /** 0 to 1: which of them, in the order of their names. */
  readonly which: number;
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

/** Every file with every kind in turn, as often as it takes; only what changes something, as the files are now. */
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
    const soFar = damages.length;
    for (const pair of shuffled(pairs, random)) {
      const damage = { ...pair, place: random(), bit: Math.floor(random() * 8) };
      if (damages.length < count && (await changes(directory, older, damage))) damages.push(damage);
    }
    if (damages.length === soFar) throw new Error(`there is nothing to damage in ${directory}`);
  }
  return damages;
}

async function changes(directory: string, older: string, damage: Damage): Promise<boolean> {
  const before = await readFile(join(directory, damage.file));
  const after = await damagedBytes(before, older, damage);
  return after === null || !after.equals(before);
}

/** As `planDamages`, by the classes of the files that there are now. */
export async function planClassDamages(
  directory: string,
  older: string,
  count: number,
  random: () => number,
): Promise<ClassDamage[]> {
  const damages = await planDamages(directory, older, count, random);
  return damages.map(({ file, ...damage }) => ({ ...damage, fileClass: fileClass(file), which: random() }));
}

/** Null where there is no such file. */
export async function resolveDamage(
  directory: string,
  older: string,
  { fileClass: name, which, ...damage }: ClassDamage,
): Promise<Damage | null> {
  const ofClass = async (root: string): Promise<string[]> =>
    (await filesOf(root)).filter((file) => fileClass(file) === name);
  const pick = (files: readonly string[]): string | undefined => files[Math.floor(which * files.length)];
  const file = pick(await ofClass(directory));
  if (file === undefined) return null;
  if (damage.kind !== 'swap with an older copy') return { ...damage, file };
  const before = await ofClass(older);
  const olderFile = before.includes(file) ? file : pick(before);
  return olderFile === undefined ? null : { ...damage, file, olderFile };
}

/** False where the file came out as it was: nothing to damage at that place. */
export async function inflict(directory: string, older: string, damage: Damage): Promise<boolean> {
  const path = join(directory, damage.file);
  const before = await readFile(path);
  const after = await damagedBytes(before, older, damage);
  if (after === null) await rm(path);
  else await writeFile(path, after);
  return after === null || !after.equals(before);
}

/** What becomes of the file; null where it is deleted. */
async function damagedBytes(before: Buffer, older: string, damage: Damage): Promise<Buffer | null> {
  const at = Math.min(Math.floor(damage.place * before.length), Math.max(0, before.length - 1));
  switch (damage.kind) {
    case 'flip a bit': {
      const bytes = Buffer.from(before);
      if (bytes.length > 0) bytes.writeUInt8((before[at] as number) ^ (1 << damage.bit), at);
      return bytes;
    }
    case 'zero a page': {
      const from = at - (at % PAGE_BYTES);
      return Buffer.from(before).fill(0, from, Math.min(before.length, from + PAGE_BYTES));
    }
    case 'cut the tail':
      return before.subarray(0, at);
    case 'delete':
      return null;
    case 'swap with an older copy':
      return readFile(join(older, damage.olderFile ?? damage.file));
  }
}

/** `wal: LevelDB log`, `state: CURRENT`: what a file is, whatever its number. */
export function fileClass(file: string): string {
  const [, part = '', ...rest] = file.split('/');
  const name = rest.at(-1) ?? (part || file);
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
