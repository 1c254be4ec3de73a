// defrag: each member by itself, one after the other, since each is slower meanwhile.
import type { Command } from 'commander';
import { badArgs, describeError, ExitCode } from '../exit-code.js';
import { lineWriter } from '../io.js';
import { type RunContext, withClient } from '../run-context.js';
import { clusterEndpoints } from './endpoint.js';

export function addDefragCommand(program: Command, context: RunContext): void {
  const command = program.command('defrag').description('give disk space of members back to the system');
  command.argument('[words...]').usage('[options]');
  command.option('--cluster', 'the client urls of every member instead of --endpoints');
  command.option(
    '--data-dir <directory>',
    'refused: the directory of a member that does not run needs no defragmentation',
  );
  command.action(async (words: string[], flags: { cluster?: boolean; dataDir?: string }) => {
    if (words.length > 0) throw badArgs('defrag command accepts no arguments');
    if (flags.dataDir !== undefined) {
      throw badArgs(
        '--data-dir: a directory needs no defragmentation; its store gives space back by itself as it runs',
      );
    }
    await withClient(context, command, async (scope) => {
      const endpoints = flags.cluster === true ? await clusterEndpoints(scope.client) : scope.flags.endpoints;
      for (const endpoint of endpoints) {
        try {
          await scope.client.maintenance.defragment(endpoint);
          lineWriter(context.io.stdout)(`Finished defragmenting etcd member[${endpoint}]`);
        } catch (error) {
          lineWriter(context.io.stderr)(`Failed to defragment etcd member[${endpoint}] (${describeError(error)})`);
          context.exitCode = ExitCode.error;
        }
      }
    });
  });
}
