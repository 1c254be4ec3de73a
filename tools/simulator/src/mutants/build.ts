/**
 * Makes a simulator with a mutant in it: bundles this package and those under test from their sources, with the mutant's
 * edits made on the way, into a file of its own, and loads that. What is loaded otherwise stays as it is.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type * as Simulator from '../run.js';
import type { Edit, Mutant } from './mutant.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const ENTRY = fileURLToPath(new URL('../run.ts', import.meta.url));
const WORKER = fileURLToPath(new URL('../runs/campaign-worker.ts', import.meta.url));

export type SimulatorModule = Pick<typeof Simulator, 'planOf' | 'run'>;

/** Of the sources as they are. */
export const SOUND: Mutant = { name: 'none', mistake: '', edits: [] };

/** A bundle in a folder of its own, which its maker removes with `dispose`. */
export interface Bundle {
  readonly path: string;
  readonly dispose: () => void;
}

/** The simulator as it is, as one bundle: for test runners whose module system would slow every call down. */
export function buildSimulator(): Promise<SimulatorModule> {
  return buildMutant(SOUND);
}

/** Loads it into this very thread, for good. */
export async function buildMutant(mutant: Mutant): Promise<SimulatorModule> {
  const { dispose, path } = await bundle(mutant, ENTRY);
  try {
    return (await import(pathToFileURL(path).href)) as SimulatorModule;
  } finally {
    dispose();
  }
}

/** What the threads of a campaign run. */
export function bundleWorker(mutant: Mutant): Promise<Bundle> {
  return bundle(mutant, WORKER);
}

/** Throws where an edit does not fit the source as it is now. */
async function bundle(mutant: Mutant, entry: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-mutant-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  const path = join(folder, 'simulator.mjs');
  const made = new Set<Edit>();
  try {
    await build({
      entryPoints: [entry],
      outfile: path,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: ['@understudy/source'],
      external: ['level'],
      plugins: [edits(mutant, made)],
      logLevel: 'silent',
    });
    for (const edit of mutant.edits) {
      if (!made.has(edit)) throw new Error(`mutant ${mutant.name}: ${edit.file} is not part of the simulator`);
    }
    return { path, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Every edit that does not fit the sources as they are now, in words. */
export function misfits(mutants: readonly Mutant[]): string[] {
  const found: string[] = [];
  for (const mutant of mutants) {
    for (const edit of mutant.edits) {
      try {
        editOnce(mutant, readFileSync(join(ROOT, edit.file), 'utf8'), edit);
      } catch (error) {
        found.push((error as Error).message);
      }
    }
  }
  return found;
}

function edits(mutant: Mutant, made: Set<Edit>): Plugin {
  return {
    name: `mutant ${mutant.name}`,
    setup(bundle) {
      bundle.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(ROOT, path).split(sep).join('/');
        const own = mutant.edits.filter((edit) => edit.file === file);
        if (own.length === 0) return undefined;
        let contents = readFileSync(path, 'utf8');
        for (const edit of own) {
          contents = editOnce(mutant, contents, edit);
          made.add(edit);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}

function editOnce(mutant: Mutant, source: string, { file, find, replace }: Edit): string {
  const parts = source.split(find);
  if (parts.length === 2) return parts.join(replace);
  throw new Error(`mutant ${mutant.name}: ${file} has its text ${parts.length - 1} times, not once: ${find}`);
}
