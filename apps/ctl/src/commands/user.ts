// user add, delete, get, list, passwd, grant-role and revoke-role.
import {
  AuthRoleGetResponse,
  AuthUserAddResponse,
  AuthUserChangePasswordResponse,
  AuthUserDeleteResponse,
  AuthUserGetResponse,
  AuthUserGrantRoleResponse,
  AuthUserListResponse,
  AuthUserRevokeRoleResponse,
} from '@understudy/protocol';
import type { Command } from 'commander';
import { badArgs } from '../exit-code.js';
import { lineWriter } from '../io.js';
import { roleFields, roleLines } from '../output/role-lines.js';
import { askNewPassword } from '../password.js';
import { type CommandScope, type RunContext, withClient } from '../run-context.js';
import { commandGroup } from './command-group.js';
import { addPlainCommand } from './plain-command.js';

export function addUserCommands(program: Command, context: RunContext): void {
  const group = commandGroup(program, 'user', 'users, their passwords and their roles');
  addAdd(group, context);
  addGet(group, context);
  addList(group, context);
  addPasswd(group, context);
  addDelete(group, context);
  addRoles(group, context);
}

interface AddFlags {
  interactive: boolean;
  newUserPassword?: string;
  password?: boolean | string;
}

function addAdd(group: Command, context: RunContext): void {
  const command = group.command('add').description('add a user');
  command
    .argument('[words...]')
    .usage('[options] <name or name:password>')
    .option('--interactive', 'type the password (default)', true)
    .option('--no-interactive', 'read the password from stdin')
    .option('--new-user-password <password>', 'the password')
    .option('--no-password', 'without one: comes in by a client certificate only');
  command.action(async (words: string[], flags: AddFlags) => {
    const word = one(words, 'user add command requires user name as its argument');
    const { name, password } = await newUser(context, word, flags);
    if (name === '') throw badArgs('empty user name is not allowed');
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.auth.userAdd(name, { password });
      printer.plain({ type: AuthUserAddResponse, answer, lines: [`User ${name} created`], fields: [] });
    });
  });
}

async function newUser(
  { io }: RunContext,
  word: string,
  { interactive, newUserPassword, password }: AddFlags,
): Promise<{ name: string; password: string | undefined }> {
  if (password === false) return { name: word, password: undefined };
  if (newUserPassword !== undefined) return { name: word, password: newUserPassword };
  const at = word.indexOf(':');
  if (at >= 0) return { name: word.slice(0, at), password: word.slice(at + 1) };
  return { name: word, password: await askNewPassword(io, word, interactive) };
}

function addGet(group: Command, context: RunContext): void {
  const command = group.command('get').description('print the roles of a user');
  command.argument('[words...]').usage('[options] <name>').option('--detail', 'and what they permit');
  command.action(async (words: string[], flags: { detail?: boolean }) => {
    const name = one(words, 'user get command requires user name as its argument');
    await withClient(context, command, async (scope) => {
      const answer = await scope.client.auth.userGet(name);
      if (flags.detail === true) await printRoles(context, scope, name, answer.roles);
      else {
        const lines = [`User: ${name}`, ['Roles:', ...answer.roles].join(' ')];
        scope.printer.plain({ type: AuthUserGetResponse, answer, lines, fields: undefined });
      }
    });
  });
}

async function printRoles(
  { io }: RunContext,
  { client, printer }: CommandScope,
  name: string,
  roles: readonly string[],
): Promise<void> {
  const line = lineWriter(io.stdout);
  line(`User: ${name}`);
  for (const role of roles) {
    line('');
    const answer = await client.auth.roleGet(role);
    const lines = roleLines(role, answer);
    printer.plain({ type: AuthRoleGetResponse, answer, lines, fields: roleFields(answer) });
  }
}

function addList(group: Command, context: RunContext): void {
  addPlainCommand<[], AuthUserListResponse>(group, context, {
    name: 'list',
    description: 'list all users',
    words: [],
    otherwise: 'user list command requires no arguments',
    ask: async (client) => {
      const answer = await client.auth.userList();
      return { type: AuthUserListResponse, answer, lines: answer.users, fields: undefined };
    },
  });
}

function addPasswd(group: Command, context: RunContext): void {
  const command = group.command('passwd').description('change the password of a user');
  command
    .argument('[words...]')
    .usage('[options] <name>')
    .option('--interactive', 'type the password (default)', true)
    .option('--no-interactive', 'read the password from stdin');
  command.action(async (words: string[], { interactive }: { interactive: boolean }) => {
    const name = one(words, 'user passwd command requires user name as its argument');
    const password = await askNewPassword(context.io, name, interactive);
    await withClient(context, command, async ({ client, printer }) => {
      const answer = await client.auth.userChangePassword(name, password);
      const lines = ['Password updated'];
      printer.plain({ type: AuthUserChangePasswordResponse, answer, lines, fields: [] });
    });
  });
}

function addDelete(group: Command, context: RunContext): void {
  addPlainCommand<[string], AuthUserDeleteResponse>(group, context, {
    name: 'delete',
    description: 'delete a user',
    words: ['<name>'],
    otherwise: 'user delete command requires user name as its argument',
    ask: async (client, name) => {
      const answer = await client.auth.userDelete(name);
      return { type: AuthUserDeleteResponse, answer, lines: [`User ${name} deleted`], fields: [] };
    },
  });
}

function addRoles(group: Command, context: RunContext): void {
  addPlainCommand<[string, string], AuthUserGrantRoleResponse>(group, context, {
    name: 'grant-role',
    description: 'give a role to a user',
    words: ['<name>', '<role>'],
    otherwise: 'user grant command requires user name and role name as its argument',
    ask: async (client, user, role) => {
      const answer = await client.auth.userGrantRole(user, role);
      const lines = [`Role ${role} is granted to user ${user}`];
      return { type: AuthUserGrantRoleResponse, answer, lines, fields: [] };
    },
  });
  addPlainCommand<[string, string], AuthUserRevokeRoleResponse>(group, context, {
    name: 'revoke-role',
    description: 'take a role from a user',
    words: ['<name>', '<role>'],
    otherwise: 'user revoke-role requires user name and role name as its argument',
    ask: async (client, user, role) => {
      const answer = await client.auth.userRevokeRole(user, role);
      const lines = [`Role ${role} is revoked from user ${user}`];
      return { type: AuthUserRevokeRoleResponse, answer, lines, fields: [] };
    },
  });
}

function one(words: readonly string[], otherwise: string): string {
  const [word] = words;
  if (word === undefined || words.length > 1) throw badArgs(otherwise);
  return word;
}
