// role add, delete, get, list, grant-permission and revoke-permission.
import {
  AuthRoleAddResponse,
  AuthRoleDeleteResponse,
  AuthRoleGetResponse,
  AuthRoleGrantPermissionResponse,
  AuthRoleListResponse,
  AuthRoleRevokePermissionResponse,
} from '@understudy/protocol';
import { type Access, type KeyRange, toWireRange } from '@understudy/client';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import { quoted } from '../output/byte-text.js';
import { isOpen, roleFields, roleLines } from '../output/role-lines.js';
import { type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';
import { addPlainCommand } from './plain-command.js';

export function addRoleCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'role', 'roles and what they permit');
  addAdd(group, context);
  addDelete(group, context);
  addGet(group, context);
  addList(group, context);
  addGrant(group, context);
  addRevoke(group, context);
}

function addAdd(group: Command, context: RunContext): void {
  addPlainCommand<[string], AuthRoleAddResponse>(group, context, {
    name: 'add',
    description: 'add a role',
    words: ['<role>'],
    otherwise: 'role add command requires role name as its argument',
    ask: async (client, name) => {
      const answer = await client.auth.roleAdd(name);
      return { type: AuthRoleAddResponse, answer, lines: [`Role ${name} created`], fields: [] };
    },
  });
}

function addDelete(group: Command, context: RunContext): void {
  addPlainCommand<[string], AuthRoleDeleteResponse>(group, context, {
    name: 'delete',
    description: 'delete a role, also from its users',
    words: ['<role>'],
    otherwise: 'role delete command requires role name as its argument',
    ask: async (client, name) => {
      const answer = await client.auth.roleDelete(name);
      return { type: AuthRoleDeleteResponse, answer, lines: [`Role ${name} deleted`], fields: [] };
    },
  });
}

function addGet(group: Command, context: RunContext): void {
  addPlainCommand<[string], AuthRoleGetResponse>(group, context, {
    name: 'get',
    description: 'print what a role permits',
    words: ['<role>'],
    otherwise: 'role get command requires role name as its argument',
    ask: async (client, name) => {
      const answer = await client.auth.roleGet(name);
      return { type: AuthRoleGetResponse, answer, lines: roleLines(name, answer), fields: roleFields(answer) };
    },
  });
}

function addList(group: Command, context: RunContext): void {
  addPlainCommand<[], AuthRoleListResponse>(group, context, {
    name: 'list',
    description: 'list all roles',
    words: [],
    otherwise: 'role list command requires no arguments',
    ask: async (client) => {
      const answer = await client.auth.roleList();
      const names = answer.roles.map((role) => quoted(Buffer.from(role)));
      const fields = [`"Roles" :${names.map((name) => ` ${name}`).join('')}`];
      return { type: AuthRoleListResponse, answer, lines: answer.roles, fields };
    },
  });
}

interface RangeFlags {
  prefix?: boolean;
  fromKey?: boolean;
}

const ACCESS: ReadonlySet<string> = new Set<Access>(['read', 'write', 'readwrite']);

function addGrant(group: Command, context: RunContext): void {
  const command = group.command('grant-permission').description('permit a role to read or write keys');
  command
    .argument('[words...]')
    .usage('[options] <role> <read|write|readwrite> <key> [range_end]')
    .option('--prefix', 'all keys with the prefix <key>')
    .option('--from-key', 'all keys from <key> on');
  command.action(async (words: string[], flags: RangeFlags) => {
    const [name, access, key, end] = words;
    if (name === undefined || access === undefined || key === undefined || words.length > 4) {
      throw badArgs('role grant command requires role name, permission type, and key [endkey] as its argument');
    }
    if (!ACCESS.has(access.toLowerCase())) throw badArgs(`invalid permission type: ${access}`);
    const keys = permittedKeys(key, end, flags);
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.auth.roleGrantPermission(name, access.toLowerCase() as Access, keys);
      const lines = [`Role ${name} updated`];
      printer.plain({ type: AuthRoleGrantPermissionResponse, answer, lines, fields: [] });
    });
  });
}

function addRevoke(group: Command, context: RunContext): void {
  const command = group.command('revoke-permission').description('take back what was permitted, as it was permitted');
  command
    .argument('[words...]')
    .usage('[options] <role> <key> [range_end]')
    .option('--prefix', 'all keys with the prefix <key>')
    .option('--from-key', 'all keys from <key> on');
  command.action(async (words: string[], flags: RangeFlags) => {
    const [name, key, end] = words;
    if (name === undefined || key === undefined || words.length > 3) {
      throw badArgs('role revoke-permission command requires role name and key [endkey] as its argument');
    }
    const keys = permittedKeys(key, end, flags);
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.auth.roleRevokePermission(name, keys);
      const lines = [`Permission of ${shown(key, keys)} is revoked from role ${name}`];
      printer.plain({ type: AuthRoleRevokePermissionResponse, answer, lines, fields: [] });
    });
  });
}

function permittedKeys(key: string, end: string | undefined, { prefix, fromKey }: RangeFlags): KeyRange {
  if (prefix === true && fromKey === true) throw badArgs('--from-key and --prefix flags are mutually exclusive');
  if (prefix === true) {
    if (end !== undefined) throw badArgs('unexpected endkey argument with --prefix flag');
    return { prefix: key };
  }
  if (fromKey === true) {
    if (end !== undefined) throw badArgs('unexpected endkey argument with --from-key flag');
    return { from: key };
  }
  return end === undefined || end === '' ? { key } : { from: key, to: end };
}

function shown(key: string, keys: KeyRange): string {
  const { rangeEnd } = toWireRange(keys);
  if (rangeEnd.length === 0) return `key ${key}`;
  return isOpen(rangeEnd) ? `range [${key}, <open ended>` : `range [${key}, ${Buffer.from(rangeEnd).toString('utf8')})`;
}
