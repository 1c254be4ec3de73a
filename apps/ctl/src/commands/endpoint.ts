// endpoint status, health and hashkv: each asks every endpoint by itself and prints what came back.
import { MaintenanceService } from '@understudy/protocol';
import { type Client, ClientError } from '@understudy/client';
import type { Command } from 'commander';
import { CtlError, describeError, ExitCode } from '../exit-code.js';
import { lineWriter } from '../io.js';
import { integerFlag } from '../number-argument.js';
import type { EndpointHash, EndpointHealth, EndpointStatus } from '../output/printer.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';

export function addEndpointCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'endpoint', 'ask endpoints one by one');
  addStatus(group, context);
  addHealth(group, context);
  addHash(group, context);
}

function endpointCommand(group: Command, name: string, description: string): Command {
  const command = group.command(name).description(description);
  return command.option('--cluster', 'ask the client urls of every member instead of --endpoints');
}

function addStatus(group: Command, context: RunContext): void {
  const command = endpointCommand(group, 'status', 'print what each endpoint is and how far it has come');
  command.action(async (flags: { cluster?: boolean }) => {
    await withClient(context, command, async (scope) => {
      const list = await eachEndpoint(scope, flags, async (endpoint): Promise<EndpointStatus | undefined> => {
        try {
          return { endpoint, status: await scope.client.maintenance.status(endpoint) };
        } catch (error) {
          return failed(context, `Failed to get the status of endpoint ${endpoint} (${describeError(error)})`);
        }
      });
      scope.printer.endpointStatus(list);
    });
  });
}

function addHealth(group: Command, context: RunContext): void {
  const command = endpointCommand(group, 'health', 'read a key through each endpoint');
  command.action(async (flags: { cluster?: boolean }) => {
    await withClient(context, command, async (scope) => {
      const list = await eachEndpoint(scope, flags, (endpoint) => checkHealth(scope.client, endpoint));
      scope.printer.endpointHealth(list);
      if (list.some(({ healthy }) => !healthy)) throw new CtlError(ExitCode.error, 'unhealthy cluster');
    });
  });
}

async function checkHealth(client: Client, endpoint: string): Promise<EndpointHealth> {
  const startMs = performance.now();
  let error = '';
  try {
    const { healthy, reason } = await client.maintenance.health(endpoint);
    if (!healthy) error = reason;
  } catch (cause) {
    error = describeError(cause);
  }
  return { endpoint, healthy: error === '', tookMs: performance.now() - startMs, error };
}

function addHash(group: Command, context: RunContext): void {
  const command = endpointCommand(group, 'hashkv', 'print a hash of the keys of each endpoint');
  command.option(
    '--rev <revision>',
    'hash the store as it was at this revision; 0 is the newest',
    integerFlag('rev'),
    0,
  );
  command.action(async (flags: { cluster?: boolean; rev: number }) => {
    await withClient(context, command, async (scope) => {
      const request = { revision: flags.rev };
      const list = await eachEndpoint(scope, flags, async (endpoint): Promise<EndpointHash | undefined> => {
        try {
          const hash = await scope.client.call(MaintenanceService.methods.hashKV, request, { endpoint });
          return { endpoint, hash };
        } catch (error) {
          return failed(context, `Failed to get the hash of endpoint ${endpoint} (${describeError(error)})`);
        }
      });
      scope.printer.endpointHash(list);
    });
  });
}

// Asks all at once; the answers are in the order of the endpoints, without those that failed.
async function eachEndpoint<T>(
  { client, flags }: CommandScope,
  { cluster }: { readonly cluster?: boolean },
  ask: (endpoint: string) => Promise<T | undefined>,
): Promise<T[]> {
  const endpoints = cluster === true ? await clusterEndpoints(client) : flags.endpoints;
  const answers = await Promise.all(endpoints.map(ask));
  return answers.filter((answer) => answer !== undefined);
}

export async function clusterEndpoints(client: Client): Promise<string[]> {
  try {
    const { members } = await client.cluster.memberList();
    return members.flatMap((member) => member.clientUrls);
  } catch (cause) {
    const text = `failed to fetch endpoints from member list: ${describeError(cause)}`;
    throw new CtlError(cause instanceof ClientError ? ExitCode.error : ExitCode.badArgs, text, { cause });
  }
}

function failed(context: RunContext, text: string): undefined {
  lineWriter(context.io.stderr)(text);
  context.exitCode = ExitCode.error;
  return undefined;
}
