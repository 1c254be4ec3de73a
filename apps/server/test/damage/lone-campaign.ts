/**
 * Damage at the start of a server without peers, all in this process: it serves exactly what was acknowledged, or it
 * refuses with a text that says what is damaged and what to do. Two directories: one whose log goes back to its
 * beginning, and one whose log is compacted, so that a lost state cannot be built again.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { freePorts, waitUntil } from '@understudy/testbed';
import { ConfigError } from '../../src/config/config-error.js';
import { resolveConfig } from '../../src/config/config.js';
import { parseCommandLine } from '../../src/config/command-line.js';
import { type RunningServer, startServer } from '../../src/server.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { base64, jsonCall } from '../json-call.js';
import { type Damage, fileClass, inflict, planDamages, randomFrom } from './damage-plan.js';
import { VerdictTable } from './verdict-table.js';

export interface LoneOutcome {
  readonly table: VerdictTable;
  /** What must not happen, in words: data that is not what was acknowledged, or a refusal that does not help. */
  readonly faults: readonly string[];
}

const EVERY_KEY = { key: base64('\0'), range_end: base64('\0') };
const HELP = /Restore the directory from a copy.*add it again/;
const KEEP = /--force-new-cluster/;

interface Prepared {
  readonly flags: readonly string[];
  readonly directory: string;
  readonly older: string;
  readonly content: string;
}

export async function damageLoneServers(seed: number, count: number): Promise<LoneOutcome> {
  const root = await mkdtemp(join(tmpdir(), 'damage-lone-'));
  const random = randomFrom(seed);
  const table = new VerdictTable();
  const faults: string[] = [];
  try {
    const whole = await prepare(join(root, 'whole'), []);
    const compacted = await prepare(join(root, 'compacted'), ['--snapshot-count=40', '--snapshot-catchup-entries=10']);
    const list: { prepared: Prepared; damage: Damage }[] = [];
    for (const prepared of [whole, compacted]) {
      const damages = await planDamages(prepared.directory, prepared.older, Math.ceil(count / 2), random);
      list.push(...damages.map((damage) => ({ prepared, damage })));
    }
    for (const { prepared, damage } of list.slice(0, count)) {
      const copy = join(root, 'copy');
      await cp(prepared.directory, copy, { recursive: true });
      const changed = await inflict(copy, prepared.older, damage);
      const { verdict, fault } = await judge(copy, prepared, changed ? damage : null);
      table.add(fileClass(damage.file), damage.kind, verdict);
      if (fault !== null) faults.push(`${damage.kind}, ${damage.file} at ${damage.place}: ${fault}`);
      await rm(copy, { recursive: true });
    }
    return { table, faults };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** `damage`: null where the file came out as it was. */
async function judge(
  dataDir: string,
  prepared: Prepared,
  damage: Damage | null,
): Promise<{ verdict: string; fault: string | null }> {
  const named = await stateName(dataDir);
  let lone: Lone;
  try {
    lone = await start(dataDir, prepared.flags);
  } catch (error) {
    const text = (error as Error).message;
    const good = error instanceof ConfigError && damage !== null && tells(text, dataDir, damage);
    return { verdict: 'refused', fault: good ? null : `refused with: ${text}` };
  }
  const found = await contentOf(lone);
  await lone.server.stop();
  if (found !== prepared.content) return { verdict: 'WRONG DATA', fault: `serves ${found.length} bytes of other data` };
  const rebuilt = named !== (await stateName(dataDir));
  return { verdict: damage !== null ? (rebuilt ? 'built again' : 'harmless') : 'no change', fault: null };
}

/** Which file, what to do, and that what is intact of a log can be kept. */
function tells(text: string, dataDir: string, { file, kind }: Damage): boolean {
  const [, part] = file.split('/');
  const name = basename(file).replace(/\.(log|ldb)$/, '');
  // Nothing is broken in an older copy, nor in a log that is cut between two records: then it is said of the whole part.
  const named =
    kind === 'swap with an older copy' || kind === 'cut the tail' ? text.includes(dataDir) : text.includes(name);
  return named && HELP.test(text) && (part !== 'wal' || KEEP.test(text));
}

interface Lone {
  readonly server: RunningServer;
  readonly url: string;
}

async function start(dataDir: string, flags: readonly string[]): Promise<Lone> {
  const [clientPort, peerPort] = await freePorts(2);
  const url = `http://127.0.0.1:${clientPort}`;
  const listen = [`--listen-client-urls=${url}`, `--listen-peer-urls=http://127.0.0.1:${peerPort}`];
  const parsed = parseCommandLine([...listen, `--data-dir=${dataDir}`, ...flags], {}, '0.0.0');
  if (parsed.kind !== 'run') throw new Error('the flags do not run a server');
  const server = await startServer(
    { logger: createLogger('lone', 'silent', 'json') },
    resolveConfig(parsed.flags, false),
  );
  await waitUntil('the server is ready', async () => (await fetch(`${url}/readyz`)).ok);
  return { server, url };
}

/** Several boots, tables and LevelDB logs, overwritten, deleted and leased keys; and a copy from half-way. */
async function prepare(root: string, flags: readonly string[]): Promise<Prepared> {
  const [live, directory, older] = ['live', 'directory', 'older'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  let lone = await start(live, flags);
  await write(lone.url, 'first', 120);
  await lone.server.stop();
  lone = await start(live, flags);
  await write(lone.url, 'second', 120);
  await lone.server.stop();
  lone = await start(live, flags);
  await write(lone.url, 'third', 20);
  await cp(live, older, { recursive: true });
  await write(lone.url, 'fourth', 30);
  const content = await contentOf(lone);
  // As a killed process leaves it: everything is acknowledged, and nothing closed.
  await cp(live, directory, { recursive: true });
  await lone.server.stop();
  return { flags, directory, older, content };
}

async function write(url: string, round: string, count: number): Promise<void> {
  const { body } = await jsonCall(url, '/v3/lease/grant', { TTL: 86_400 });
  for (let i = 0; i < count; i += 10) {
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => {
        const key = base64(`key/${(i + n) % 80}`);
        if (n === 7) return jsonCall(url, '/v3/kv/deleterange', { key });
        const value = base64(`${round} ${i + n} ${'x'.repeat(200 * (n + 1))}`);
        return jsonCall(url, '/v3/kv/put', { key, value, ...(n === 3 ? { lease: body['ID'] } : {}) });
      }),
    );
  }
}

/** Every key with its revisions, as they are now and as they were, and the leases. */
async function contentOf({ url }: Lone): Promise<string> {
  const now = await jsonCall(url, '/v3/kv/range', EVERY_KEY);
  const { revision } = now.body['header'] as { revision: string };
  const then = await jsonCall(url, '/v3/kv/range', { ...EVERY_KEY, revision: String(Number(revision) - 100) });
  const leases = await jsonCall(url, '/v3/lease/leases', {});
  return JSON.stringify([revision, now.body['kvs'], then.body['kvs'], leases.body['leases']]);
}

async function stateName(dataDir: string): Promise<string> {
  const state = join(dataDir, 'member', 'state');
  const text = await readFile(join(state, 'CURRENT'), 'utf8').catch(() => '');
  return `${text} of ${(await readdir(state)).filter((name) => name.startsWith('state-')).join()}`;
}
