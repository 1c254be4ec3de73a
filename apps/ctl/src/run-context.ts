// What a command is given: its flags, a printer, and a client that is closed when the command is done.
import type { Client } from '@understudy/client';
import type { Command } from 'commander';
import { clientFor, type GlobalFlags, prepareFlags, printerFor, resolveGlobalFlags } from './global-flags.js';
import type { Io } from './io.js';
import type { Printer } from './output/printer.js';

export interface RunContext {
  readonly io: Io;
  /** The words after `--` of a `watch`: a program to run. */
  readonly execWords: readonly string[];
  /** Set by a command that printed its own failure. */
  exitCode: number;
}

export interface CommandScope {
  readonly flags: GlobalFlags;
  readonly printer: Printer;
  readonly client: Client;
}

export interface ScopeOptions {
  /** `get` prints values only. */
  readonly valueOnly?: boolean;
  /** The client outlives an interrupt: the body ends by it by itself, and has something to give up. */
  readonly keepOpen?: boolean;
}

/** Runs a command's body with its client, and closes it. */
export async function withClient(
  context: RunContext,
  command: Command,
  body: (scope: CommandScope) => Promise<void>,
  { valueOnly = false, keepOpen = false }: ScopeOptions = {},
): Promise<void> {
  const resolved = resolveGlobalFlags(command, context.io.env);
  const printer = printerFor(resolved, context.io, valueOnly);
  const flags = await prepareFlags(resolved, context.io);
  const client = clientFor(flags);
  const { interrupted } = context.io;
  // Calls that are under way fail; watches and keep-alives just end.
  const interrupt = (): void => void client.close();
  if (!keepOpen) interrupted.addEventListener('abort', interrupt, { once: true });
  try {
    await body({ flags, printer, client });
  } finally {
    interrupted.removeEventListener('abort', interrupt);
    await client.close();
  }
}
