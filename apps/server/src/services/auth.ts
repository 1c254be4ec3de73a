/** etcdserverpb.Auth: users, roles, permissions, and proving who one is. Passwords do not leave the member they came to. */
import type { UserRecord } from '@understudy/mvcc';
import {
  AuthService,
  type AuthenticateRequest,
  type AuthenticateResponse,
  AuthUserAddRequest,
  AuthUserChangePasswordRequest,
  etcdErrors,
  type MethodDescriptor,
  type PermissionType,
  type ResponseHeader,
  RpcError,
  StatusCode,
} from '@understudy/protocol';
import { encodeAuthCommand } from '../state/auth-command.js';
import { MAX_CALLER_NAME_BYTES } from '../state/caller-command.js';
import { CommandKind } from '../state/command.js';
import type { ClientResult } from '../state/apply-client.js';
import type { GrantOutcome } from '../state/apply-command.js';
import { encodeTokenGrant } from '../state/token-grant.js';
import type { Access } from './auth/access.js';
import type { PasswordHash } from './auth/password-hash.js';
import { hashOfToken, newSecret, tokenOf } from './auth/simple-tokens.js';
import { failure, refused } from './failures.js';
import type { Member } from './member.js';
import type { Call, ServiceTableBuilder } from './rpc.js';

/** A password may change while it is looked at; then it is looked at again, so many times. */
const MAX_ATTEMPTS = 10;

export interface AuthDeps {
  readonly member: Member;
  readonly access: Access;
  readonly passwords: PasswordHash;
}

export function addAuthService(table: ServiceTableBuilder, deps: AuthDeps): void {
  const { member, passwords } = deps;
  const { methods } = AuthService;
  const answer = (): { header: ResponseHeader } => ({ header: member.header() });
  const add = <I extends object, O extends object>(
    method: MethodDescriptor<I, O, 'unary'>,
    sealed: (request: I) => Promise<I> = async (request) => request,
  ): void => {
    table.add(method, async (request, call) => {
      await change(member, method, await sealed(request), call);
      return answer() as unknown as O;
    });
  };
  add(methods.authEnable);
  add(methods.authDisable);
  add(methods.userAdd, async (request) => {
    if (Buffer.byteLength(request.name) > MAX_CALLER_NAME_BYTES) throw failure(etcdErrors.requestTooLarge);
    const hashedPassword = request.options?.noPassword === true ? '' : await passwords.of(request.password);
    return AuthUserAddRequest.create({ ...request, password: '', hashedPassword });
  });
  add(methods.userDelete);
  add(methods.userChangePassword, async ({ name, password }) =>
    AuthUserChangePasswordRequest.create({ name, password: '', hashedPassword: await passwords.of(password) }),
  );
  add(methods.userGrantRole);
  add(methods.userRevokeRole);
  add(methods.roleAdd);
  add(methods.roleDelete);
  add(methods.roleGrantPermission);
  add(methods.roleRevokePermission);
  addReads(table, member);
  table.add(methods.authenticate, (request, call) => authenticate(deps, request, call));
}

function addReads(table: ServiceTableBuilder, member: Member): void {
  const { methods } = AuthService;
  table.add(methods.authStatus, async (_request, call) => {
    await member.readBarrier(call);
    const { enabled, revision } = member.state.mvcc.auth;
    return { header: member.header(), enabled, authRevision: revision };
  });
  table.add(methods.userGet, async ({ name }, call) => {
    await member.readBarrier(call);
    const user = member.state.mvcc.auth.user(name);
    if (user === undefined) throw failure(etcdErrors.userNotFound);
    return { header: member.header(), roles: [...user.roles] };
  });
  table.add(methods.userList, async (_request, call) => {
    await member.readBarrier(call);
    return { header: member.header(), users: member.state.mvcc.auth.userNames() };
  });
  table.add(methods.roleGet, async ({ role }, call) => {
    await member.readBarrier(call);
    const permissions = member.state.mvcc.auth.permissions(role);
    if (permissions === undefined) throw failure(etcdErrors.roleNotFound);
    const perm = permissions.map(({ permType, key, rangeEnd }) => ({
      permType: permType as PermissionType,
      key,
      rangeEnd,
    }));
    return { header: member.header(), perm };
  });
  table.add(methods.roleList, async (_request, call) => {
    await member.readBarrier(call);
    return { header: member.header(), roles: member.state.mvcc.auth.roleNames() };
  });
}

async function change<I extends object>(
  member: Member,
  method: MethodDescriptor<I>,
  request: I,
  call: Call,
): Promise<void> {
  const command = encodeAuthCommand(method, method.input.encode(request));
  const result = await member.propose<ClientResult>(CommandKind.ChangeAuth, command, undefined, call);
  if (!result.ok) throw refused(result.reason);
}

async function authenticate(deps: AuthDeps, request: AuthenticateRequest, call: Call): Promise<AuthenticateResponse> {
  const { member, access } = deps;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    await member.readBarrier(call);
    const { revision } = member.state.mvcc.auth;
    await checkPassword(deps, request);
    // By the state of now, which may be another one, out of a snapshot.
    if (!member.state.mvcc.auth.stillProven(request.name, revision)) continue;
    const token =
      access.jwt === null
        ? await grantToken(member, request.name, revision)
        : signToken(access, { username: request.name, revision: member.state.mvcc.auth.revision });
    if (token !== null) return { header: member.header(), token };
  }
  throw failure(etcdErrors.authOldRevision);
}

async function checkPassword({ member, passwords }: AuthDeps, { name, password }: AuthenticateRequest): Promise<void> {
  const { auth } = member.state.mvcc;
  if (!auth.enabled) throw failure(etcdErrors.authNotEnabled);
  const user: UserRecord | undefined = auth.user(name);
  if (user?.noPassword === true) throw failure(etcdErrors.noPasswordUser);
  if (!(await passwords.matches(password, user?.passwordHash))) throw failure(etcdErrors.authFailed);
}

/** Null where the password has changed before it was applied. */
async function grantToken(member: Member, user: string, revision: number): Promise<string | null> {
  const secret = newSecret();
  const grant = encodeTokenGrant({ user, revision, hash: hashOfToken(secret) });
  const outcome = await member.proposeOwn<GrantOutcome>(CommandKind.GrantToken, grant);
  if (outcome.ok) return tokenOf(secret, outcome.index);
  if (outcome.reason !== 'auth-old-revision') throw refused(outcome.reason);
  return null;
}

function signToken({ jwt }: Access, claims: { username: string; revision: number }): string {
  if (jwt?.canSign !== true) {
    throw new RpcError(StatusCode.FAILED_PRECONDITION, 'auth: token signing attempted with verify-only key', {
      retryable: true,
      outcome: 'not-applied',
    });
  }
  return jwt.sign(claims, Date.now());
}
