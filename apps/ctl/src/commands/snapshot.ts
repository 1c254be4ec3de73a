// snapshot save and status: the file of one member's state, and what is in it.
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SnapshotStatus } from '@understudy/mvcc';
import type { Client } from '@understudy/client';
import type { Command } from 'commander';
import { badArgs, CtlError, ExitCode } from '../exit-code.js';
import { printerFor, resolveGlobalFlags } from '../global-flags.js';
import { lineWriter } from '../io.js';
import { humanBytes } from '../output/human-bytes.js';
import { type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

/** Of the keys in the file, before what each of them is; of no matter to whoever only reads it. */
const ANY_PREFIX = 0;
const PROGRESS_BYTES = 64 * 1024 * 1024;

export function addSnapshotCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'snapshot', 'save the state of a member to a file, and look at such files');
  const save = group.command('save').description('save the state of a member; of --endpoints, there must be one');
  save.argument('[words...]').usage('[options] <file>');
  save.action(async (words: string[]) => {
    const [file] = words;
    if (file === undefined || words.length > 1) throw badArgs('snapshot save expects one argument');
    await withClient(context, save, async ({ client, flags }) => {
      const [endpoint = ''] = flags.endpoints;
      if (flags.endpoints.length > 1) {
        throw badArgs(`snapshot must be requested to one selected node, not multiple [${flags.endpoints.join(' ')}]`);
      }
      await saveSnapshot(context, client, endpoint, file);
      lineWriter(context.io.stdout)(`Snapshot saved at ${file}`);
    });
  });
  addRestore(group, context);
  const status = group.command('status').description('check a snapshot file, and print its revision, keys and size');
  status.argument('[words...]').usage('[options] <file>');
  status.action(async (words: string[]) => {
    const [file] = words;
    if (file === undefined || words.length > 1) throw badArgs('snapshot status requires exactly one argument');
    const printer = printerFor(resolveGlobalFlags(status, context.io.env), context.io);
    const { hash, revision, keys, bytes } = await checkSnapshot(file);
    printer.snapshotStatus({
      hash: Number.parseInt(hash.slice(0, 8), 16),
      revision,
      totalKey: keys,
      totalSize: bytes,
    });
  });
}

interface RestoreFlags {
  name: string;
  dataDir?: string;
  initialCluster: string;
  initialAdvertisePeerUrls: string;
  initialClusterToken?: string;
  skipHashCheck?: boolean;
  walDir?: string;
}

function addRestore(group: Command, context: RunContext): void {
  const command = group.command('restore').description('make the data directory of a member of a new cluster');
  command
    .argument('[words...]')
    .usage('[options] <file>')
    .option('--name <name>', 'of the member', 'default')
    .option('--data-dir <directory>', 'made by this; refused where it exists (default: <name>.understudy)')
    .option(
      '--initial-cluster <list>',
      'name=peer-url of every member, comma separated',
      'default=http://localhost:2380',
    )
    .option('--initial-advertise-peer-urls <list>', 'of this member', 'http://localhost:2380')
    .option('--initial-cluster-token <token>', 'tells clusters apart that have the same members')
    .option('--skip-hash-check', 'of the file as a whole; its records are checked all the same')
    .option('--wal-dir <directory>', 'refused: log and state live in one directory')
    .addHelpText(
      'after',
      '\nRun it for every member, with the same file and --initial-cluster, and start them all with these flags.',
    );
  command.action(async (words: string[], flags: RestoreFlags) => {
    const [file] = words;
    if (file === undefined || words.length > 1) throw badArgs('snapshot restore requires exactly one argument');
    if (flags.walDir !== undefined) throw badArgs('--wal-dir: log and state live in one directory, see --data-dir');
    const dataDir = flags.dataDir ?? `${flags.name}.understudy`;
    await stat(file).catch(() => {
      throw new CtlError(ExitCode.error, `open ${file}: no such file or directory`);
    });
    // Loads what a server is made of: few commands need it.
    const { restoreSnapshot } = await import('@understudy/server');
    try {
      const { memberId, clusterId, snapshot } = await restoreSnapshot(createReadStream(file), {
        name: flags.name,
        dataDir,
        initialCluster: flags.initialCluster,
        initialAdvertisePeerUrls: flags.initialAdvertisePeerUrls,
        initialClusterToken: flags.initialClusterToken,
        checkHash: flags.skipHashCheck !== true,
      });
      const { revision, keys } = snapshot;
      lineWriter(context.io.stdout)(
        `Restored ${keys} keys at revision ${revision} to ${dataDir}: member ${memberId} of cluster ${clusterId}`,
      );
    } catch (cause) {
      throw new CtlError(ExitCode.error, (cause as Error).message, { cause });
    }
  });
}

/** Under another name until it is whole, checked and on disk: a file of this name is a good one. */
async function saveSnapshot(context: RunContext, client: Client, endpoint: string, file: string): Promise<void> {
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600).catch(ioFailed);
  try {
    await receive(context, client, endpoint, handle);
    await handle.sync();
    await handle.close();
    await rename(part, file).catch(ioFailed);
    await syncDirectory(dirname(file));
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(part, { force: true });
    throw error;
  }
}

async function receive({ io }: RunContext, client: Client, endpoint: string, handle: FileHandle): Promise<void> {
  const errorLine = lineWriter(io.stderr);
  let shownAt = 0;
  const blobs = client.maintenance.snapshot({
    endpoint,
    signal: io.interrupted,
    onProgress: ({ bytes, remainingBytes }) => {
      if (bytes - shownAt < PROGRESS_BYTES) return;
      shownAt = bytes;
      errorLine(`${humanBytes(bytes)} of about ${humanBytes(bytes + remainingBytes)}`);
    },
  });
  for await (const blob of blobs) {
    for (let at = 0; at < blob.length; ) {
      at += (await handle.write(blob, at).catch(ioFailed)).bytesWritten;
    }
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(ioFailed);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Reads all of it. @throws CtlError where it is none, or damaged */
async function checkSnapshot(file: string): Promise<SnapshotStatus> {
  // Here and not above: a state machine that no other command needs.
  const { readSnapshot } = await import('@understudy/mvcc');
  try {
    await stat(file);
    return await readSnapshot(createReadStream(file), ANY_PREFIX);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'ENOENT') throw new CtlError(ExitCode.error, `stat ${file}: no such file or directory`);
    throw new CtlError(ExitCode.error, message, { cause: error });
  }
}

function ioFailed(cause: unknown): never {
  throw new CtlError(ExitCode.error, (cause as Error).message, { cause });
}
