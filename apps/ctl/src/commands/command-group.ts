// A command that only holds others: alone it prints its help, with a word it does not know it fails.
import type { Command } from 'commander';
import { CtlError, ExitCode } from '../exit-code.js';

export function commandGroup(program: Command, name: string, description: string): Command {
  const group = program.command(name).description(description);
  group
    .argument('[words...]')
    .usage('<command>')
    .action((words: string[]) => {
      if (words.length > 0) {
        throw new CtlError(ExitCode.error, `unknown command ${JSON.stringify(words[0])} for "understudyctl ${name}"`);
      }
      group.outputHelp();
    });
  return group;
}
