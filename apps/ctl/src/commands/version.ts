// version: of this tool, and of the API it speaks.
import type { Command } from 'commander';
import { lineWriter } from '../io.js';
import type { RunContext } from '../run-context.js';
import { API_VERSION, ctlVersion } from '../version.js';

export function addVersionCommand(program: Command, context: RunContext): void {
  program
    .command('version')
    .description('print the version of this tool and of its API')
    .action(() => {
      const line = lineWriter(context.io.stdout);
      line(`understudyctl version: ${ctlVersion()}`);
      line(`API version: ${API_VERSION}`);
    });
}
