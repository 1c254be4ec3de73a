// move-leader: hands leadership to another voter. Only the leader can, so it is looked for among the endpoints.
import { MaintenanceService } from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import { parseUint64Hex, saturate } from '../number-argument.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';

export function addMoveLeaderCommand(program: Command, context: RunContext): void {
  const command = program.command('move-leader').description('hand leadership to another member');
  command.argument('[words...]').usage('[options] <transferee-member-id>');
  command.action(async (words: string[]) => {
    const [word] = words;
    if (word === undefined || words.length > 1) throw badArgs('move-leader command needs 1 argument');
    const target = parseUint64Hex(word);
    if (!target.ok) throw badArgs(target.reason);
    const targetId = saturate(target.value);
    await withClient(context, command, async (scope) => {
      const { endpoint, leader } = await findLeader(scope);
      const request = { targetId };
      const answer = await scope.client.call(MaintenanceService.methods.moveLeader, request, { endpoint });
      scope.printer.moveLeader(leader, targetId, answer);
    });
  });
}

async function findLeader({ client, flags }: CommandScope): Promise<{ endpoint: string; leader: number }> {
  const answers = await Promise.allSettled(flags.endpoints.map((endpoint) => client.maintenance.status(endpoint)));
  let failure: unknown;
  for (const [index, answer] of answers.entries()) {
    if (answer.status === 'rejected') failure = answer.reason;
    else if (answer.value.leader !== 0 && answer.value.leader === answer.value.header?.memberId) {
      return { endpoint: flags.endpoints[index] as string, leader: answer.value.leader };
    }
  }
  if (answers.every(({ status }) => status === 'rejected')) throw failure;
  throw badArgs(`no leader endpoint given at [${flags.endpoints.join(' ')}]`);
}
