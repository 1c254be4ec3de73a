// lock and elect: held until the tool is interrupted, or as long as a program runs.
import { spawn } from 'node:child_process';
import type { Leadership, Lock } from '@understudy/client';
import { KVService, RangeRequest } from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs, CtlError, ExitCode } from '../exit-code.js';
import { integerFlag } from '../number-argument.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';

const DEFAULT_TTL = 10;

export function addLockCommands(program: Command, context: RunContext): void {
  const lock = program.command('lock').description('hold a lock until interrupted, or while a program runs');
  lock
    .argument('[words...]')
    .usage('[options] <name> [program arguments...]')
    .option('--ttl <seconds>', 'until others go on when this tool dies', integerFlag('ttl'), DEFAULT_TTL)
    .addHelpText(
      'after',
      '\nThe program finds UNDERSTUDY_LOCK_KEY and UNDERSTUDY_LOCK_REV in its environment (and the same as ETCD_LOCK_*).',
    );
  lock.action(async (words: string[], { ttl }: { ttl: number }) => {
    const [name, ...program_] = words;
    if (name === undefined) throw badArgs('lock takes a lock name argument and an optional command to execute');
    const { interrupted } = context.io;
    await withClient(
      context,
      lock,
      async (scope) => {
        const held = await untilInterrupted(context, () => scope.client.lock(name, { ttl, signal: interrupted }));
        if (held === undefined) return;
        await whileHeld(
          held,
          () => held.release(),
          async () => {
            if (program_.length > 0) await runProgram(context, program_, held);
            else {
              await printKey(scope, held.key);
              await interruptOrLoss(context, held.lostSignal);
            }
          },
        );
      },
      { keepOpen: true },
    );
  });
  const elect = program.command('elect').description('campaign in an election, or look on');
  elect.argument('[words...]').usage('[options] <election> [proposal]').option('-l, --listen', 'only print who leads');
  elect.action(async (words: string[], { listen = false }: { listen?: boolean }) => {
    const [name, proposal] = words;
    if (name === undefined || words.length > 2) {
      throw badArgs('elect takes one election name argument and an optional proposal argument');
    }
    if (listen && proposal !== undefined) throw badArgs('proposal given but -l is set');
    if (!listen && proposal === undefined) throw badArgs('no proposal argument but -l not set');
    await withClient(
      context,
      elect,
      async (scope) => {
        if (listen) await look(context, scope, name);
        else await campaign(context, scope, name, proposal ?? '');
      },
      { keepOpen: true },
    );
  });
}

async function campaign(context: RunContext, scope: CommandScope, name: string, proposal: string): Promise<void> {
  const { interrupted } = context.io;
  const leadership = await untilInterrupted(context, () =>
    scope.client.election.campaign(name, proposal, { signal: interrupted }),
  );
  if (leadership === undefined) return;
  await whileHeld(
    leadership,
    () => leadership.resign(),
    async () => {
      await printKey(scope, leadership.key);
      await interruptOrLoss(context, leadership.lostSignal);
    },
  );
}

async function look({ io }: RunContext, { client, printer }: CommandScope, name: string): Promise<void> {
  for await (const kv of client.election.observe(name, { signal: io.interrupted })) {
    printer.get({ header: undefined, kvs: [{ ...kv }], more: false, count: 1 });
  }
}

// An interrupt while we still wait is how a wait ends, and no failure.
async function untilInterrupted<T>({ io }: RunContext, take: () => Promise<T>): Promise<T | undefined> {
  try {
    return await take();
  } catch (error) {
    if (io.interrupted.aborted) return undefined;
    throw error;
  }
}

async function whileHeld(
  { lostSignal }: Lock | Leadership,
  giveUp: () => Promise<void>,
  body: () => Promise<void>,
): Promise<void> {
  try {
    await body();
  } finally {
    await giveUp();
  }
  if (lostSignal.aborted) throw new CtlError(ExitCode.interrupted, 'session expired');
}

async function printKey({ client, printer }: CommandScope, key: string): Promise<void> {
  printer.get(await client.call(KVService.methods.range, RangeRequest.create({ key: Buffer.from(key) })));
}

function interruptOrLoss({ io: { interrupted } }: RunContext, lost: AbortSignal): Promise<void> {
  const either = AbortSignal.any([interrupted, lost]);
  return new Promise((resolve) => {
    if (either.aborted) resolve();
    else either.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function runProgram({ io }: RunContext, words: readonly string[], lock: Lock): Promise<void> {
  const [program, ...args] = words as [string, ...string[]];
  const env: Record<string, string | undefined> = { ...io.env };
  for (const name of ['UNDERSTUDY', 'ETCD']) {
    env[`${name}_LOCK_KEY`] = lock.key;
    env[`${name}_LOCK_REV`] = String(lock.fencingToken);
  }
  const failure = await new Promise<string | undefined>((resolve) => {
    const child = spawn(program, args, { env, stdio: ['inherit', 'pipe', 'pipe'] });
    const end = (): void => void child.kill('SIGTERM');
    const either = AbortSignal.any([io.interrupted, lock.lostSignal]);
    either.addEventListener('abort', end, { once: true });
    child.stdout.on('data', (chunk: Buffer) => io.stdout(chunk));
    child.stderr.on('data', (chunk: Buffer) => io.stderr(chunk));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      either.removeEventListener('abort', end);
      resolve(code === 0 ? undefined : signal === null ? `exit status ${code}` : `signal: ${signal}`);
    });
  });
  if (failure !== undefined) throw new CtlError(ExitCode.error, failure);
}
