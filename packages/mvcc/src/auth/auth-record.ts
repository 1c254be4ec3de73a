/** Users, roles and permissions as they are stored: plain data, bytes as base64. A password is a hash, never the text. */

export const PermissionType = { read: 0, write: 1, readWrite: 2 } as const;

export interface Permission {
  /** As on the etcd wire; a number that is no type permits nothing. */
  readonly permType: number;
  readonly key: Uint8Array;
  /** As in a range. */
  readonly rangeEnd: Uint8Array;
}

export interface UserRecord {
  readonly name: string;
  /** As the host made it; empty for a user without a password. */
  readonly passwordHash: string;
  /** Comes in by a client certificate only. */
  readonly noPassword: boolean;
  /** Ascending. */
  readonly roles: readonly string[];
  /** The revision at which the user was made, or its password changed: what was proven before proves nothing now. */
  readonly since: number;
}

interface StoredPermission {
  readonly type: number;
  readonly key: string;
  readonly end: string;
}

export interface RoleRecord {
  readonly name: string;
  /** Ascending by key and end. */
  readonly permissions: readonly StoredPermission[];
}

export interface AuthRecord {
  readonly enabled: boolean;
  readonly revision: number;
  /** The revision at which it was enabled last. */
  readonly enabledSince: number;
}

export function storedPermission({ permType, key, rangeEnd }: Permission): StoredPermission {
  return {
    type: permType,
    key: Buffer.from(key).toString('base64'),
    end: Buffer.from(rangeEnd).toString('base64'),
  };
}

export function permissionOf({ type, key, end }: StoredPermission): Permission {
  return { permType: type, key: Buffer.from(key, 'base64'), rangeEnd: Buffer.from(end, 'base64') };
}

export function comparePermissions(a: StoredPermission, b: StoredPermission): number {
  return (
    Buffer.compare(Buffer.from(a.key, 'base64'), Buffer.from(b.key, 'base64')) ||
    Buffer.compare(Buffer.from(a.end, 'base64'), Buffer.from(b.end, 'base64'))
  );
}
