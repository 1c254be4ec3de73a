// A command that asks the cluster once and prints one plain answer: what most commands about users and roles are.
import type { Client } from '@understudy/client';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import type { PlainAnswer } from '../output/plain-answer.js';
import { type RunContext, withClient } from '../run-context.js';

interface PlainCommand<Names extends readonly string[], T extends object> {
  readonly name: string;
  readonly description: string;
  /** What stands for its words in the help, `<name>` each. */
  readonly words: readonly [...{ [At in keyof Names]: string }];
  /** What is said where other words than those are given. */
  readonly otherwise: string;
  readonly ask: (client: Client, ...names: Names) => Promise<PlainAnswer<T>>;
}

export function addPlainCommand<Names extends readonly string[], T extends object>(
  group: Command,
  context: RunContext,
  { name, description, words, otherwise, ask }: PlainCommand<Names, T>,
): void {
  const command = group.command(name).description(description);
  command.argument('[words...]').usage(['[options]', ...words].join(' '));
  command.action(async (given: string[]) => {
    if (given.length !== words.length) throw badArgs(otherwise);
    // The cast is sound: there is a name for each word.
    const names = given as unknown as Names;
    await withClient(context, command, async ({ client, printer }) => printer.plain(await ask(client, ...names)));
  });
}
