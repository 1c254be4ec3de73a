// auth enable, disable and status.
import { AuthStatusResponse } from '@understudy/protocol';
import { ClientError } from '@understudy/client';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import { lineWriter } from '../io.js';
import { type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

const ROOT = 'root';

export function addAuthCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'auth', 'whether everybody has to say who it is');
  const line = lineWriter(context.io.stdout);
  const enable = group.command('enable').description('turn authentication on; there must be a user root');
  enable.argument('[words...]').usage('[options]');
  enable.action(async (words: string[]) => {
    noArguments(words, 'enable');
    await withClient(context, enable, async ({ client }) => {
      try {
        await client.auth.enable();
      } catch (error) {
        // As in etcdctl: root has its role by being root.
        if (!(error instanceof ClientError) || !error.message.endsWith('root user does not have root role'))
          throw error;
        await client.auth.roleAdd(ROOT).catch(() => {});
        await client.auth.userGrantRole(ROOT, ROOT);
        await client.auth.enable();
      }
      line('Authentication Enabled');
    });
  });
  const disable = group.command('disable').description('turn authentication off');
  disable.argument('[words...]').usage('[options]');
  disable.action(async (words: string[]) => {
    noArguments(words, 'disable');
    await withClient(context, disable, async ({ client }) => {
      await client.auth.disable();
      line('Authentication Disabled');
    });
  });
  const status = group.command('status').description('print whether authentication is on');
  status.argument('[words...]').usage('[options]');
  status.action(async (words: string[]) => {
    noArguments(words, 'status');
    await withClient(context, status, async ({ client, printer }) => {
      const answer = await client.auth.status();
      const { enabled, authRevision } = answer;
      const lines = [`Authentication Status: ${enabled}`, `AuthRevision: ${authRevision}`];
      const fields = [`"Enabled" : ${enabled}`, `"AuthRevision" : ${authRevision}`];
      printer.plain({ type: AuthStatusResponse, answer, lines, fields });
    });
  });
}

function noArguments(words: readonly string[], name: string): void {
  if (words.length > 0) throw badArgs(`auth ${name} command does not accept any arguments`);
}
