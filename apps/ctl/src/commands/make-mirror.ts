// make-mirror: keeps a prefix of this cluster in step in another one until it is interrupted, and then says whether the
// two are the same.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Client, Mirror, type MirrorDestination, type MirrorProgress } from '@understudy/client';
import type { Command } from 'commander';
import { badArgs, CtlError, ExitCode } from '../exit-code.js';
import { withScheme } from '../client-endpoints.js';
import { clientFor, type GlobalFlags, gatewayFor, readPem } from '../global-flags.js';
import { lineWriter } from '../io.js';
import { integerFlag } from '../number-argument.js';
import { quoted } from '../output/byte-text.js';
import { type RunContext, withClient } from '../run-context.js';

interface MirrorFlags {
  prefix: string;
  destPrefix?: string;
  noDestPrefix?: boolean;
  destCacert: string;
  destCert: string;
  destKey: string;
  destUser: string;
  destPassword: string;
  destInsecureTransport: boolean;
  destInsecureSkipTlsVerify?: boolean;
  rev: number;
  maxTxnOps: number;
  stateFile?: string;
  check: boolean;
}

const PROGRESS_MS = 30_000;

export function addMirrorCommand(program: Command, context: RunContext): void {
  const command = program.command('make-mirror').description('keep a prefix in step in another cluster');
  command
    .argument('[words...]')
    .usage('[options] <destination>')
    .option('--prefix <prefix>', 'what is mirrored (default: every key)', '')
    .option('--dest-prefix <prefix>', 'in its place in the destination')
    .option('--no-dest-prefix', 'nothing in its place')
    .option('--dest-cacert <file>', 'trust servers whose certificate this CA bundle signed', '')
    .option('--dest-cert <file>', 'client certificate', '')
    .option('--dest-key <file>', 'key of the client certificate', '')
    .option('--dest-user <name[:password]>', 'who to authenticate as', '')
    .option('--dest-password <password>', 'the password, when --dest-user has none', '')
    .option('--dest-insecure-transport', 'an endpoint without a scheme speaks no TLS (default)', true)
    .option('--no-dest-insecure-transport', 'it speaks TLS')
    .option('--dest-insecure-skip-tls-verify', 'do not verify the server certificate (for tests only)')
    .option('--rev <revision>', 'everything before it is there: begin with this revision', integerFlag('rev'), 0)
    .option('--max-txn-ops <count>', 'operations of one transaction', integerFlag('max-txn-ops'), 128)
    .option('--state-file <file>', 'keeps how far the mirror is, and goes on there')
    .option('--no-check', 'do not compare both sides at the end');
  command.action(async (words: string[], flags: MirrorFlags) => {
    const [destination] = words;
    if (destination === undefined || words.length > 1) {
      throw badArgs('make-mirror takes one destination argument');
    }
    await withClient(
      context,
      command,
      async ({ client, flags: global }) => {
        const target = await openDestination(destinationFlags(global, flags), withScheme(destination, wantsTls(flags)));
        try {
          await mirror(context, client, target, flags);
        } finally {
          await target.close();
        }
      },
      { keepOpen: true },
    );
  });
}

/** A server of ours by our own protocol, an etcd by its JSON gateway. */
async function openDestination(
  flags: GlobalFlags,
  endpoint: string,
): Promise<MirrorDestination & { close(): Promise<void> }> {
  const gateway = gatewayFor(flags, endpoint);
  // One that cannot be reached now may be ours: the client says what is wrong with it, or waits for it.
  if (await gateway.isEtcd().catch(() => false)) return gateway;
  await gateway.close();
  return clientFor(flags, [endpoint]);
}

function wantsTls({ destCacert, destCert, destInsecureTransport }: MirrorFlags): boolean {
  return destCacert !== '' || destCert !== '' || !destInsecureTransport;
}

function destinationFlags(global: GlobalFlags, flags: MirrorFlags): GlobalFlags {
  const [user = '', ...rest] = flags.destUser.split(':');
  const { destCacert: cacert, destCert: cert, destKey: key } = flags;
  for (const file of [cacert, cert, key]) if (file !== '') readPem(file);
  return {
    ...global,
    tls: { cacert, cert, key, insecure: flags.destInsecureSkipTlsVerify ?? false },
    user,
    password: rest.length > 0 ? rest.join(':') : flags.destPassword,
  };
}

async function mirror(
  context: RunContext,
  source: Client,
  destination: MirrorDestination,
  flags: MirrorFlags,
): Promise<void> {
  const { io } = context;
  const line = lineWriter(io.stdout);
  const errorLine = lineWriter(io.stderr);
  const { prefix, stateFile } = flags;
  // commander gives false for --no-dest-prefix under the same name.
  const given = flags.destPrefix as string | boolean | undefined;
  const destinationPrefix = given === false ? '' : typeof given === 'string' ? given : prefix;
  const cluster = (await source.cluster.memberList()).header?.clusterId ?? 0;
  const name = JSON.stringify({ cluster, prefix, destinationPrefix });
  const kept = stateFile === undefined ? undefined : await readState(stateFile, name);
  const afterRevision = flags.rev > 0 ? flags.rev - 1 : kept;
  let written = 0;
  let saving = Promise.resolve();
  const save = (revision: number): void => {
    if (stateFile !== undefined) saving = saving.then(() => writeState(stateFile, name, revision));
  };
  const made = new Mirror(source, destination, {
    prefix,
    destinationPrefix,
    maxTxnOps: flags.maxTxnOps,
    afterRevision,
    signal: io.interrupted,
    onProgress: ({ phase, puts, deletes }: MirrorProgress) => {
      written = puts + deletes;
      if (phase === 'follow') return;
      errorLine(`copied: ${puts} puts, ${deletes} deletes`);
    },
  });
  // As in etcdctl: how many keys were written, now and then.
  const timer = setInterval(() => {
    line(String(written));
    save(made.revision);
  }, PROGRESS_MS);
  try {
    await made.run();
  } finally {
    clearInterval(timer);
    if (made.revision > 0) save(made.revision);
    await saving;
  }
  if (flags.check && made.revision > 0) await compare(made, errorLine);
}

async function compare(made: Mirror, errorLine: (text: string) => void): Promise<void> {
  const { keys, differences, examples, revision, destinationRevision } = await made.check();
  const where = `revision ${revision} here and ${destinationRevision} there`;
  if (differences === 0) {
    errorLine(`the mirror is true: ${keys} keys, at ${where}`);
    return;
  }
  const list = examples.map(({ key, kind }) => `${quoted(key)} (${kind})`).join(', ');
  throw new CtlError(ExitCode.error, `${differences} of ${keys} keys differ, at ${where}: ${list}`);
}

async function readState(file: string, name: string): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CtlError(ExitCode.error, (error as Error).message);
  }
  const [kept, revision] = text.trim().split('\n');
  const number = Number(revision);
  if (kept === name && Number.isSafeInteger(number) && number > 0) return number;
  throw badArgs(`${file} is of another mirror: ${JSON.stringify(kept?.slice(0, 200))}`);
}

async function writeState(file: string, name: string, revision: number): Promise<void> {
  if (revision === 0) return;
  await writeFile(`${file}.part`, `${name}\n${revision}\n`);
  await rename(`${file}.part`, file);
}
