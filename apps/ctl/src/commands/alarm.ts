// alarm list and disarm.
import { type AlarmMember, AlarmResponse, AlarmType } from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import { type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

export function addAlarmCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'alarm', 'what members have raised the alarm about');
  for (const name of ['list', 'disarm'] as const) {
    const command = group.command(name);
    command.description(name === 'list' ? 'list all alarms' : 'end all alarms');
    command.argument('[words...]').usage('[options]');
    command.action(async (words: string[]) => {
      if (words.length > 0) throw badArgs(`alarm ${name} command accepts no arguments`);
      await withClient(context, command, async ({ client, printer }) => {
        const { alarms } = await (name === 'list' ? client.maintenance.alarms() : client.maintenance.disarm());
        // etcdctl gathers them without a header.
        const answer = AlarmResponse.create({ alarms });
        const fields = alarms.flatMap(({ memberId, alarm }) => [
          `"MemberID" : ${memberId}`,
          `"AlarmType" : ${alarmName(alarm)}`,
          '',
        ]);
        printer.plain({ type: AlarmResponse, answer, lines: alarms.map(alarmLine), fields });
      });
    });
  }
}

function alarmLine({ memberId, alarm }: AlarmMember): string {
  return `memberID:${memberId} alarm:${alarmName(alarm)} `;
}

function alarmName(alarm: AlarmType): string {
  return Object.entries(AlarmType).find(([, value]) => value === alarm)?.[0] ?? String(alarm);
}
