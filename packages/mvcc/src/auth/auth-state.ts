/**
 * Users, roles and what they may touch, with etcd 3.4's rules: replicated state beside the keys. A change moves the
 * authentication revision, never the keys', and no watch hears of it. Nothing here knows a password or a token.
 */
import { endOf, keyOf } from '../key-bytes.js';
import { NamedTable } from '../named-table.js';
import type { AuthReason } from '../outcome.js';
import { type NamedKind, RecordKind } from '../records-sum.js';
import {
  type AuthRecord,
  comparePermissions,
  type Permission,
  PermissionType,
  permissionOf,
  type RoleRecord,
  storedPermission,
  type UserRecord,
} from './auth-record.js';
import { KeySpans, type Span } from './key-spans.js';

export type AuthOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: AuthReason };

/** Who asks, and the revision of users and roles at which that was found out. */
export interface Caller {
  readonly user: string;
  readonly revision: number;
  /**
   * True: the proof holds while its user does, whatever else changes (a token, a certificate). False: it names that
   * revision itself, and every later one makes it old (a JWT).
   */
  readonly lasting: boolean;
}

/** The user and the role that manage everything. */
const root = 'root';
/** The one row of its table. */
const settings = 'settings';
const firstRevision = 1;
const done: AuthOutcome = { ok: true };

interface Spans {
  readonly read: KeySpans;
  readonly write: KeySpans;
}

export class AuthState {
  private readonly settings = new NamedTable<AuthRecord>(RecordKind.auth);
  private readonly users = new NamedTable<UserRecord>(RecordKind.user);
  private readonly roles = new NamedTable<RoleRecord>(RecordKind.role);
  /** What each user may touch, found out when it is first asked for. */
  private spans = new Map<string, Spans>();
  /** For the state. */
  readonly tables: readonly (readonly [NamedKind, NamedTable<object>])[] = [
    [RecordKind.auth, this.settings],
    [RecordKind.user, this.users],
    [RecordKind.role, this.roles],
  ];

  get enabled(): boolean {
    return this.settings.get(settings)?.enabled === true;
  }

  /** Grows by one with every change of users, roles and permissions, and with disabling, as etcd's. */
  get revision(): number {
    return this.settings.get(settings)?.revision ?? firstRevision;
  }

  enable(): AuthOutcome {
    if (this.enabled) return done;
    const user = this.users.get(root);
    if (user === undefined) return refuse('root-user-missing');
    if (!user.roles.includes(root)) return refuse('root-role-missing');
    this.settings.set(settings, { enabled: true, revision: this.revision, enabledSince: this.revision });
    return done;
  }

  disable(): AuthOutcome {
    if (!this.enabled) return done;
    this.settings.set(settings, { enabled: false, revision: this.revision + 1, enabledSince: 0 });
    return done;
  }

  user(name: string): UserRecord | undefined {
    return this.users.get(name);
  }

  userNames(): string[] {
    return this.users.names();
  }

  roleNames(): string[] {
    return this.roles.names();
  }

  /** Undefined where there is no such role. */
  permissions(role: string): Permission[] | undefined {
    return this.roles.get(role)?.permissions.map(permissionOf);
  }

  /** `passwordHash` is kept as it is; what it means is the host's. */
  addUser(name: string, passwordHash: string, noPassword: boolean): AuthOutcome {
    if (name === '') return refuse('user-empty');
    if (this.users.get(name) !== undefined) return refuse('user-exists');
    this.commit();
    this.users.set(name, { name, passwordHash, noPassword, roles: [], since: this.revision });
    return done;
  }

  deleteUser(name: string): AuthOutcome {
    if (this.enabled && name === root) return refuse('auth-management');
    if (this.users.get(name) === undefined) return refuse('user-not-found');
    this.users.delete(name);
    return this.commit();
  }

  changePassword(name: string, passwordHash: string): AuthOutcome {
    const user = this.users.get(name);
    if (user === undefined) return refuse('user-not-found');
    this.commit();
    this.users.set(name, { ...user, passwordHash: user.noPassword ? '' : passwordHash, since: this.revision });
    return done;
  }

  grantRole(name: string, role: string): AuthOutcome {
    const user = this.users.get(name);
    if (user === undefined) return refuse('user-not-found');
    if (role !== root && this.roles.get(role) === undefined) return refuse('role-not-found');
    if (user.roles.includes(role)) return done;
    this.users.set(name, { ...user, roles: [...user.roles, role].sort() });
    return this.commit();
  }

  revokeRole(name: string, role: string): AuthOutcome {
    if (this.enabled && name === root && role === root) return refuse('auth-management');
    const user = this.users.get(name);
    if (user === undefined) return refuse('user-not-found');
    if (!user.roles.includes(role)) return refuse('role-not-granted');
    this.users.set(name, { ...user, roles: user.roles.filter((held) => held !== role) });
    return this.commit();
  }

  addRole(name: string): AuthOutcome {
    if (name === '') return refuse('role-empty');
    if (this.roles.get(name) !== undefined) return refuse('role-exists');
    this.roles.set(name, { name, permissions: [] });
    return this.commit();
  }

  /** Takes it from everybody who has it, too. */
  deleteRole(name: string): AuthOutcome {
    if (this.enabled && name === root) return refuse('auth-management');
    if (this.roles.get(name) === undefined) return refuse('role-not-found');
    this.roles.delete(name);
    for (const user of this.users.list()) {
      if (!user.roles.includes(name)) continue;
      this.users.set(user.name, { ...user, roles: user.roles.filter((held) => held !== name) });
    }
    return this.commit();
  }

  /** One for each pair of key and range end: a second one replaces the type. */
  grantPermission(name: string, permission: Permission | undefined): AuthOutcome {
    if (permission === undefined) return refuse('permission-not-given');
    const role = this.roles.get(name);
    if (role === undefined) return refuse('role-not-found');
    const granted = storedPermission(permission);
    const others = role.permissions.filter((held) => comparePermissions(held, granted) !== 0);
    this.roles.set(name, { name, permissions: [...others, granted].sort(comparePermissions) });
    return this.commit();
  }

  revokePermission(name: string, key: Uint8Array, rangeEnd: Uint8Array): AuthOutcome {
    const role = this.roles.get(name);
    if (role === undefined) return refuse('role-not-found');
    const revoked = storedPermission({ permType: PermissionType.read, key, rangeEnd });
    const permissions = role.permissions.filter((held) => comparePermissions(held, revoked) !== 0);
    if (permissions.length === role.permissions.length) return refuse('permission-not-granted');
    this.roles.set(name, { name, permissions });
    return this.commit();
  }

  /** What was proven about a user at `revision` still holds. */
  stillProven(name: string, revision: number): boolean {
    const { enabled, enabledSince } = this.settings.get(settings) ?? { enabled: false, enabledSince: 0 };
    const user = this.users.get(name);
    return enabled && user !== undefined && revision >= enabledSince && revision >= user.since;
  }

  /** Why the caller is nobody here now; null: it is a user, or nobody asks. `null` is a caller without a name. */
  refuseCaller(caller: Caller | null): AuthReason | null {
    if (!this.enabled) return null;
    if (caller === null) return 'user-empty';
    const { user, revision, lasting } = caller;
    const proven = revision >= this.revision || (lasting && this.stillProven(user, revision));
    if (!proven) return 'auth-old-revision';
    return this.users.get(user) === undefined ? 'permission-denied' : null;
  }

  /** The user holds the role root. */
  isRoot(name: string): boolean {
    return this.hasRole(name, root);
  }

  hasRole(name: string, role: string): boolean {
    return this.users.get(name)?.roles.includes(role) === true;
  }

  mayRead(name: string, key: Uint8Array, rangeEnd: Uint8Array): boolean {
    return this.isRoot(name) || covers(this.spansOf(name).read, key, rangeEnd);
  }

  mayWrite(name: string, key: Uint8Array, rangeEnd: Uint8Array): boolean {
    return this.isRoot(name) || covers(this.spansOf(name).write, key, rangeEnd);
  }

  private spansOf(name: string): Spans {
    let spans = this.spans.get(name);
    if (spans !== undefined) return spans;
    const read: Span[] = [];
    const write: Span[] = [];
    for (const role of this.users.get(name)?.roles ?? []) {
      for (const { permType, key, rangeEnd } of this.permissions(role) ?? []) {
        const span = spanOf(key, rangeEnd);
        if (permType === PermissionType.read || permType === PermissionType.readWrite) read.push(span);
        if (permType === PermissionType.write || permType === PermissionType.readWrite) write.push(span);
      }
    }
    spans = { read: new KeySpans(read), write: new KeySpans(write) };
    this.spans.set(name, spans);
    return spans;
  }

  private commit(): AuthOutcome {
    const { enabled, enabledSince } = this.settings.get(settings) ?? { enabled: false, enabledSince: 0 };
    this.settings.set(settings, { enabled, revision: this.revision + 1, enabledSince });
    this.spans = new Map();
    return done;
  }
}

function spanOf(key: Uint8Array, rangeEnd: Uint8Array): Span {
  const from = keyOf(key);
  return { from, to: rangeEnd.length === 0 ? `${from}\0` : endOf(rangeEnd) };
}

/** A range that ends before it begins still names its first key. */
function covers(spans: KeySpans, key: Uint8Array, rangeEnd: Uint8Array): boolean {
  const { from, to } = spanOf(key, rangeEnd);
  return spans.covers(from, to > from ? to : `${from}\0`);
}

function refuse(reason: AuthReason): AuthOutcome {
  return { ok: false, reason };
}
