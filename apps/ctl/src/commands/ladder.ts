// The ladder, seen and steered: cluster status, plan, drain, pause, resume, policy and standby list.
import { DrainResponse, LadderService, PauseResponse, PolicyGetResponse, ResumeResponse } from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import { integerFlag, memberIdArgument } from '../number-argument.js';
import { hexId } from '../output/byte-text.js';
import { planReport, policyReport, standbyReport, statusReport } from '../output/ladder-reports.js';
import type { Report } from '../output/report.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

const { methods } = LadderService;

export function addLadderCommands(program: Command, context: RunContext): void {
  addClusterStatus(program, context);
  addPlan(program, context);
  addDrain(program, context);
  addPause(program, context);
  addPolicy(program, context);
  addStandbyList(program, context);
}

/** Asks, and prints the answer. */
function reporting<T extends object>(
  context: RunContext,
  command: Command,
  ask: (scope: CommandScope) => Promise<Report<T>>,
): Promise<void> {
  return withClient(context, command, async (scope) => scope.printer.report(await ask(scope)));
}

function noArguments(words: readonly string[], name: string): void {
  if (words.length > 0) throw badArgs(`${name} command accepts no arguments`);
}

function addClusterStatus(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'cluster', 'the cluster as a whole');
  const command = group
    .command('status')
    .description('quorum, failure tolerance, every member, and what the leader is about to do and why');
  command.argument('[words...]').usage('[options]');
  command.action(async (words: string[]) => {
    noArguments(words, 'cluster status');
    await reporting(context, command, async ({ client }) => statusReport(await client.call(methods.clusterStatus, {})));
  });
}

function addPlan(program: Command, context: RunContext): void {
  const command = program.command('plan').description('what the leader would do now; changes nothing');
  command
    .argument('[words...]')
    .usage('[options] [name=value...]')
    .option('--explain', 'also say what it would not do, and why')
    .option('--ignore-paused', 'as if the automation were not paused')
    .addHelpText(
      'after',
      '\nWith settings (failoverAfter=2s), as if the policy said so; see policy get for their names.',
    );
  command.action(async (words: string[], flags: { explain?: boolean; ignorePaused?: boolean }) => {
    const request = { policy: words.map(settingArgument), ignorePaused: flags.ignorePaused ?? false };
    await reporting(context, command, async ({ client }) =>
      planReport(await client.call(methods.plan, request), flags.explain ?? false),
    );
  });
}

function settingArgument(word: string): { name: string; value: string } {
  const cut = word.indexOf('=');
  if (cut < 1) throw badArgs(`${JSON.stringify(word)} is not of the form name=value`);
  return { name: word.slice(0, cut), value: word.slice(cut + 1) };
}

function addDrain(program: Command, context: RunContext): void {
  const command = program
    .command('drain')
    .description('have a member replaced and removed as soon as that costs no failure tolerance');
  command.argument('[words...]').usage('[options] <memberID>').option('--cancel', 'let it stay after all');
  command.action(async (words: string[], { cancel = false }: { cancel?: boolean }) => {
    const id = memberIdArgument(words);
    await reporting(context, command, async ({ client }) => {
      const answer = await client.call(methods.drain, { id, cancel });
      const lines = [`Member ${hexId(id)} ${cancel ? 'stays' : 'is drained'}`];
      return { type: DrainResponse, answer, lines, tables: [] };
    });
  });
}

function addPause(program: Command, context: RunContext): void {
  const pause = program.command('pause').description('have the automation do nothing until it is resumed');
  const resume = program.command('resume').description('have the automation go on');
  for (const command of [pause, resume]) command.argument('[words...]').usage('[options]');
  pause.action(async (words: string[]) => {
    noArguments(words, 'pause');
    await reporting(context, pause, async ({ client }) => {
      const answer = await client.call(methods.pause, {});
      const lines = [answer.changed ? 'automation paused' : 'automation was paused already'];
      return { type: PauseResponse, answer, lines, tables: [] };
    });
  });
  resume.action(async (words: string[]) => {
    noArguments(words, 'resume');
    await reporting(context, resume, async ({ client }) => {
      const answer = await client.call(methods.resume, {});
      const lines = [answer.changed ? 'automation resumed' : 'automation was not paused'];
      return { type: ResumeResponse, answer, lines, tables: [] };
    });
  });
}

function addPolicy(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'policy', 'the policy of the automation');
  const get = group.command('get').description('print all settings, or those that are named');
  get.argument('[words...]').usage('[options] [name...]');
  get.action(async (names: string[]) => {
    await reporting(context, get, async ({ client }) => {
      const answer = await client.call(methods.policyGet, {});
      const unknown = names.find((name) => !answer.settings.some((setting) => setting.name === name));
      if (unknown !== undefined) {
        const known = answer.settings.map((setting) => setting.name).join(', ');
        throw badArgs(`there is no policy setting ${JSON.stringify(unknown)}; there are ${known}`);
      }
      return policyReport(answer, names);
    });
  });
  const set = group.command('set').description('change settings, all of them or none');
  set
    .argument('[words...]')
    .usage('[options] <name=value>...')
    .option('--if-version <number>', 'only where the policy has this version', integerFlag('if-version'), 0)
    .addHelpText('after', '\nThe value "default" takes a setting back. Durations are written 500ms, 15s, 1m30s.');
  set.action(async (words: string[], { ifVersion }: { ifVersion: number }) => {
    if (words.length === 0) throw badArgs('policy set command needs at least 1 argument');
    const settings = words.map(settingArgument);
    const reset = settings.filter(({ value }) => value === 'default').map(({ name }) => name);
    const fields = settings.filter(({ value }) => value !== 'default');
    await reporting(context, set, async ({ client }) => {
      const {
        header,
        version,
        settings: all,
      } = await client.call(methods.policySet, {
        fields,
        reset,
        version: ifVersion,
      });
      const names = settings.map(({ name }) => name);
      return policyReport(PolicyGetResponse.create({ header, version, settings: all }), names);
    });
  });
}

function addStandbyList(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'standby', 'the machines that stand by');
  const command = group.command('list').description('list all registered standbys');
  command.argument('[words...]').usage('[options]');
  command.action(async (words: string[]) => {
    noArguments(words, 'standby list');
    await reporting(context, command, async ({ client }) => standbyReport(await client.call(methods.standbyList, {})));
  });
}
