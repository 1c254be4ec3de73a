/** Runs that once broke an invariant, small: kept as files, and run before anything else from then on. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Plan } from '../run.js';
import type { Shrunk } from './shrink.js';

export interface Case {
  readonly name: string;
  /** The invariant that it broke, and how it said so. */
  readonly invariant: string;
  readonly text: string;
  readonly plan: Plan;
}

const FOLDER = fileURLToPath(new URL('../../cases/', import.meta.url));

export function loadCases(folder = FOLDER): Case[] {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Case);
}

/** Returns the file's path. */
export function storeCase({ plan, result }: Shrunk, folder = FOLDER): string {
  const { violation } = result;
  if (violation === null) throw new Error(`seed ${plan.setup.seed} broke nothing: there is no case to store`);
  const name = `${violation.invariant}-${plan.setup.seed}`;
  const kept: Case = { name, invariant: violation.invariant, text: violation.message, plan };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, `${JSON.stringify(kept, null, 2)}\n`);
  return path;
}
