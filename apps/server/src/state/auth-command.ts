/**
 * Changes of users, roles and permissions as they travel in the log: the number of the method, which is never given to
 * another one, and its request. Passwords are hashed before; the text never gets here.
 */
import type { AuthOutcome, AuthState } from '@understudy/mvcc';
import {
  type AuthRoleAddRequest,
  type AuthRoleDeleteRequest,
  type AuthRoleGrantPermissionRequest,
  type AuthRoleRevokePermissionRequest,
  AuthService,
  type AuthUserAddRequest,
  type AuthUserChangePasswordRequest,
  type AuthUserDeleteRequest,
  type AuthUserGrantRoleRequest,
  type AuthUserRevokeRoleRequest,
  findMethodById,
  type MethodDescriptor,
} from '@understudy/protocol';
import { UnknownCommandError } from './command.js';

const HEADER_BYTES = 2;

type Change = (auth: AuthState, request: never) => AuthOutcome;

const { methods } = AuthService;
const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  [methods.authEnable.path, (auth) => auth.enable()],
  [methods.authDisable.path, (auth) => auth.disable()],
  [
    methods.userAdd.path,
    (auth, { name, hashedPassword, options }: AuthUserAddRequest) =>
      auth.addUser(name, hashedPassword, options?.noPassword === true),
  ],
  [methods.userDelete.path, (auth, { name }: AuthUserDeleteRequest) => auth.deleteUser(name)],
  [
    methods.userChangePassword.path,
    (auth, { name, hashedPassword }: AuthUserChangePasswordRequest) => auth.changePassword(name, hashedPassword),
  ],
  [methods.userGrantRole.path, (auth, { user, role }: AuthUserGrantRoleRequest) => auth.grantRole(user, role)],
  [methods.userRevokeRole.path, (auth, { name, role }: AuthUserRevokeRoleRequest) => auth.revokeRole(name, role)],
  [methods.roleAdd.path, (auth, { name }: AuthRoleAddRequest) => auth.addRole(name)],
  [methods.roleDelete.path, (auth, { role }: AuthRoleDeleteRequest) => auth.deleteRole(role)],
  [
    methods.roleGrantPermission.path,
    (auth, { name, perm }: AuthRoleGrantPermissionRequest) => auth.grantPermission(name, perm),
  ],
  [
    methods.roleRevokePermission.path,
    (auth, { role, key, rangeEnd }: AuthRoleRevokePermissionRequest) => auth.revokePermission(role, key, rangeEnd),
  ],
]);

export function encodeAuthCommand(method: Pick<MethodDescriptor, 'id'>, request: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + request.length);
  bytes[0] = method.id >> 8;
  bytes[1] = method.id & 0xff;
  bytes.set(request, HEADER_BYTES);
  return bytes;
}

export interface AuthCommand {
  readonly method: MethodDescriptor;
  readonly request: object;
  apply(auth: AuthState): AuthOutcome;
}

export function decodeAuthCommand(bytes: Uint8Array): AuthCommand {
  const method = findMethodById((bytes[0] ?? 0) * 256 + (bytes[1] ?? 0));
  const change = method === undefined ? undefined : CHANGES.get(method.path);
  if (method === undefined || change === undefined) {
    throw new UnknownCommandError(`change of users and roles of ${bytes.length} bytes names no method that makes one`);
  }
  const request = method.input.decode(bytes.subarray(HEADER_BYTES));
  return { method, request, apply: (auth) => change(auth, request as never) };
}
