// Users, roles and what they may do, and whether anybody has to say who it is. Only the root user may change them once
// authentication is on.
import {
  type AuthDisableResponse,
  type AuthEnableResponse,
  type AuthRoleAddResponse,
  type AuthRoleDeleteResponse,
  type AuthRoleGetResponse,
  type AuthRoleGrantPermissionResponse,
  type AuthRoleListResponse,
  type AuthRoleRevokePermissionResponse,
  AuthService,
  type AuthStatusResponse,
  type AuthUserAddResponse,
  type AuthUserChangePasswordResponse,
  type AuthUserDeleteResponse,
  type AuthUserGetResponse,
  type AuthUserGrantRoleResponse,
  type AuthUserListResponse,
  type AuthUserRevokeRoleResponse,
  PermissionType,
} from '@understudy/protocol';
import { type CallOptions, NO_OPTIONS } from './call-options.js';
import type { Dispatcher } from './dispatcher.js';
import { type Bytes, type KeyRange, toWireRange } from './key-range.js';

export type Access = 'read' | 'write' | 'readwrite';

export interface UserAddOptions extends CallOptions {
  /** Undefined: a user without one, who comes in by a client certificate only. */
  readonly password?: string | undefined;
}

const { methods } = AuthService;

const ACCESS: Readonly<Record<Access, PermissionType>> = {
  read: PermissionType.READ,
  write: PermissionType.WRITE,
  readwrite: PermissionType.READWRITE,
};

export class Auth {
  private readonly dispatcher: Dispatcher;

  /** For `Client`. */
  constructor(dispatcher: Dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** @throws ClientError FAILED_PRECONDITION when there is no user root with the role root */
  enable(options: CallOptions = NO_OPTIONS): Promise<AuthEnableResponse> {
    return this.dispatcher.call(methods.authEnable, {}, options, same);
  }

  disable(options: CallOptions = NO_OPTIONS): Promise<AuthDisableResponse> {
    return this.dispatcher.call(methods.authDisable, {}, options, same);
  }

  status(options: CallOptions = NO_OPTIONS): Promise<AuthStatusResponse> {
    return this.dispatcher.call(methods.authStatus, {}, options, same);
  }

  /** @throws ClientError FAILED_PRECONDITION when there is such a user */
  userAdd(name: string, options: UserAddOptions = NO_OPTIONS): Promise<AuthUserAddResponse> {
    const { password } = options;
    const noPassword = password === undefined;
    const request = { name, password: password ?? '', options: { noPassword }, hashedPassword: '' };
    return this.dispatcher.call(methods.userAdd, request, options, same);
  }

  userDelete(name: string, options: CallOptions = NO_OPTIONS): Promise<AuthUserDeleteResponse> {
    return this.dispatcher.call(methods.userDelete, { name }, options, same);
  }

  userGet(name: string, options: CallOptions = NO_OPTIONS): Promise<AuthUserGetResponse> {
    return this.dispatcher.call(methods.userGet, { name }, options, same);
  }

  userList(options: CallOptions = NO_OPTIONS): Promise<AuthUserListResponse> {
    return this.dispatcher.call(methods.userList, {}, options, same);
  }

  userChangePassword(
    name: string,
    password: string,
    options: CallOptions = NO_OPTIONS,
  ): Promise<AuthUserChangePasswordResponse> {
    const request = { name, password, hashedPassword: '' };
    return this.dispatcher.call(methods.userChangePassword, request, options, same);
  }

  userGrantRole(user: string, role: string, options: CallOptions = NO_OPTIONS): Promise<AuthUserGrantRoleResponse> {
    return this.dispatcher.call(methods.userGrantRole, { user, role }, options, same);
  }

  userRevokeRole(name: string, role: string, options: CallOptions = NO_OPTIONS): Promise<AuthUserRevokeRoleResponse> {
    return this.dispatcher.call(methods.userRevokeRole, { name, role }, options, same);
  }

  roleAdd(name: string, options: CallOptions = NO_OPTIONS): Promise<AuthRoleAddResponse> {
    return this.dispatcher.call(methods.roleAdd, { name }, options, same);
  }

  roleDelete(role: string, options: CallOptions = NO_OPTIONS): Promise<AuthRoleDeleteResponse> {
    return this.dispatcher.call(methods.roleDelete, { role }, options, same);
  }

  roleGet(role: string, options: CallOptions = NO_OPTIONS): Promise<AuthRoleGetResponse> {
    return this.dispatcher.call(methods.roleGet, { role }, options, same);
  }

  roleList(options: CallOptions = NO_OPTIONS): Promise<AuthRoleListResponse> {
    return this.dispatcher.call(methods.roleList, {}, options, same);
  }

  roleGrantPermission(
    name: string,
    access: Access,
    keys: Bytes | KeyRange,
    options: CallOptions = NO_OPTIONS,
  ): Promise<AuthRoleGrantPermissionResponse> {
    const request = { name, perm: { permType: ACCESS[access], ...toWireRange(keys) } };
    return this.dispatcher.call(methods.roleGrantPermission, request, options, same);
  }

  /** @param keys exactly as they were granted */
  roleRevokePermission(
    role: string,
    keys: Bytes | KeyRange,
    options: CallOptions = NO_OPTIONS,
  ): Promise<AuthRoleRevokePermissionResponse> {
    return this.dispatcher.call(methods.roleRevokePermission, { role, ...toWireRange(keys) }, options, same);
  }
}

function same<T>(answer: T): T {
  return answer;
}
