// Generated from proto/ by scripts/generate.ts; edit those instead. Messages of the package authpb.
import { describeField, type EnumDescriptor, type MessageType } from '../message-type.js';
import { EMPTY_BYTES, WireReader } from '../wire/wire-reader.js';
import { sizeOfInt32, sizeOfLength, sizeOfString } from '../wire/wire-size.js';
import { beginMessage, type WireWriter } from '../wire/wire-writer.js';

/** `authpb.Permission.Type`. A decoded message may hold any other 32-bit number that its sender chose. */
export const PermissionType = { READ: 0, WRITE: 1, READWRITE: 2 } as const;
export type PermissionType = (typeof PermissionType)[keyof typeof PermissionType];
export const PermissionTypeEnum: EnumDescriptor = {
  typeName: 'authpb.Permission.Type',
  numberByName: PermissionType,
  nameByNumber: new Map([
    [0, 'READ'],
    [1, 'WRITE'],
    [2, 'READWRITE'],
  ]),
};

export interface UserAddOptions {
  /** the user can only come in by a client certificate */
  noPassword: boolean;
}

export function sizeUserAddOptions(m: UserAddOptions): number {
  let n = 0;
  if (m.noPassword) n += 2;
  return n;
}

export function writeUserAddOptions(m: UserAddOptions, w: WireWriter): void {
  if (m.noPassword) {
    w.byte(8);
    w.bool(m.noPassword);
  }
}

export function readUserAddOptions(r: WireReader, end: number): UserAddOptions {
  let noPassword: boolean = false;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        noPassword = r.bool(end);
        break;
      default:
        r.unexpected(tag, end, 'authpb.UserAddOptions', UserAddOptions.fields);
    }
  }

  return { noPassword };
}

export const UserAddOptions: MessageType<UserAddOptions> = {
  typeName: 'authpb.UserAddOptions',
  fields: [describeField(1, 'no_password', 'noPassword', 'noPassword', 'bool')],
  create(init?: Partial<UserAddOptions>): UserAddOptions {
    return { noPassword: init?.noPassword ?? false };
  },
  sizeOf: sizeUserAddOptions,
  encode(m: UserAddOptions): Uint8Array {
    const w = beginMessage(sizeUserAddOptions(m));
    writeUserAddOptions(m, w);
    return w.take();
  },
  write: writeUserAddOptions,
  encodeInto(m: UserAddOptions, w: WireWriter): void {
    w.reserve(sizeUserAddOptions(m));
    writeUserAddOptions(m, w);
  },
  decode(bytes: Uint8Array): UserAddOptions {
    const r = new WireReader(bytes);
    return readUserAddOptions(r, r.end);
  },
};

export interface User {
  name: Uint8Array;
  /** a hash, never the text */
  password: Uint8Array;
  roles: string[];
  options: UserAddOptions | undefined;
}

export function sizeUser(m: User): number {
  let n = 0;
  if (m.name.length > 0) n += 1 + sizeOfLength(m.name.length);
  if (m.password.length > 0) n += 1 + sizeOfLength(m.password.length);
  for (const item of m.roles) n += 1 + sizeOfString(item);
  if (m.options !== undefined) n += 1 + sizeOfLength(sizeUserAddOptions(m.options));
  return n;
}

export function writeUser(m: User, w: WireWriter): void {
  if (m.name.length > 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  if (m.password.length > 0) {
    w.byte(18);
    w.bytes(m.password);
  }
  for (const item of m.roles) {
    w.byte(26);
    w.string(item);
  }
  if (m.options !== undefined) {
    w.byte(34);
    w.varint32(sizeUserAddOptions(m.options));
    writeUserAddOptions(m.options, w);
  }
}

export function readUser(r: WireReader, end: number): User {
  let name: Uint8Array = EMPTY_BYTES;
  let password: Uint8Array = EMPTY_BYTES;
  const roles: string[] = [];
  let options: UserAddOptions | undefined = undefined;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.bytes(end);
        break;
      case 18:
        password = r.bytes(end);
        break;
      case 26:
        roles.push(r.string(end));
        break;
      case 34:
        options = readUserAddOptions(r, r.nested(end));
        break;
      default:
        r.unexpected(tag, end, 'authpb.User', User.fields);
    }
  }

  return { name, password, roles, options };
}

export const User: MessageType<User> = {
  typeName: 'authpb.User',
  fields: [
    describeField(1, 'name', 'name', 'name', 'bytes'),
    describeField(2, 'password', 'password', 'password', 'bytes'),
    describeField(3, 'roles', 'roles', 'roles', 'string', { repeated: true }),
    describeField(4, 'options', 'options', 'options', 'message', { messageType: () => UserAddOptions }),
  ],
  create(init?: Partial<User>): User {
    return {
      name: init?.name ?? EMPTY_BYTES,
      password: init?.password ?? EMPTY_BYTES,
      roles: init?.roles ?? [],
      options: init?.options,
    };
  },
  sizeOf: sizeUser,
  encode(m: User): Uint8Array {
    const w = beginMessage(sizeUser(m));
    writeUser(m, w);
    return w.take();
  },
  write: writeUser,
  encodeInto(m: User, w: WireWriter): void {
    w.reserve(sizeUser(m));
    writeUser(m, w);
  },
  decode(bytes: Uint8Array): User {
    const r = new WireReader(bytes);
    return readUser(r, r.end);
  },
};

export interface Permission {
  permType: PermissionType;
  key: Uint8Array;
  /** empty: this key only; one zero byte: every key from `key` on */
  rangeEnd: Uint8Array;
}

export function sizePermission(m: Permission): number {
  let n = 0;
  if (m.permType !== 0) n += 1 + sizeOfInt32(m.permType);
  if (m.key.length > 0) n += 1 + sizeOfLength(m.key.length);
  if (m.rangeEnd.length > 0) n += 1 + sizeOfLength(m.rangeEnd.length);
  return n;
}

export function writePermission(m: Permission, w: WireWriter): void {
  if (m.permType !== 0) {
    w.byte(8);
    w.int32(m.permType);
  }
  if (m.key.length > 0) {
    w.byte(18);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length > 0) {
    w.byte(26);
    w.bytes(m.rangeEnd);
  }
}

export function readPermission(r: WireReader, end: number): Permission {
  let permType: PermissionType = 0;
  let key: Uint8Array = EMPTY_BYTES;
  let rangeEnd: Uint8Array = EMPTY_BYTES;

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 8:
        permType = r.int32(end) as PermissionType;
        break;
      case 18:
        key = r.bytes(end);
        break;
      case 26:
        rangeEnd = r.bytes(end);
        break;
      default:
        r.unexpected(tag, end, 'authpb.Permission', Permission.fields);
    }
  }

  return { permType, key, rangeEnd };
}

export const Permission: MessageType<Permission> = {
  typeName: 'authpb.Permission',
  fields: [
    describeField(1, 'permType', 'permType', 'permType', 'enum', { enumType: PermissionTypeEnum }),
    describeField(2, 'key', 'key', 'key', 'bytes'),
    describeField(3, 'range_end', 'rangeEnd', 'rangeEnd', 'bytes'),
  ],
  create(init?: Partial<Permission>): Permission {
    return { permType: init?.permType ?? 0, key: init?.key ?? EMPTY_BYTES, rangeEnd: init?.rangeEnd ?? EMPTY_BYTES };
  },
  sizeOf: sizePermission,
  encode(m: Permission): Uint8Array {
    const w = beginMessage(sizePermission(m));
    writePermission(m, w);
    return w.take();
  },
  write: writePermission,
  encodeInto(m: Permission, w: WireWriter): void {
    w.reserve(sizePermission(m));
    writePermission(m, w);
  },
  decode(bytes: Uint8Array): Permission {
    const r = new WireReader(bytes);
    return readPermission(r, r.end);
  },
};

export interface Role {
  name: Uint8Array;
  keyPermission: Permission[];
}

export function sizeRole(m: Role): number {
  let n = 0;
  if (m.name.length > 0) n += 1 + sizeOfLength(m.name.length);
  for (const item of m.keyPermission) n += 1 + sizeOfLength(sizePermission(item));
  return n;
}

export function writeRole(m: Role, w: WireWriter): void {
  if (m.name.length > 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  for (const item of m.keyPermission) {
    w.byte(18);
    w.varint32(sizePermission(item));
    writePermission(item, w);
  }
}

export function readRole(r: WireReader, end: number): Role {
  let name: Uint8Array = EMPTY_BYTES;
  const keyPermission: Permission[] = [];

  while (r.pos < end) {
    const tag = r.tag(end);
    switch (tag) {
      case 10:
        name = r.bytes(end);
        break;
      case 18:
        keyPermission.push(readPermission(r, r.nested(end)));
        break;
      default:
        r.unexpected(tag, end, 'authpb.Role', Role.fields);
    }
  }

  return { name, keyPermission };
}

export const Role: MessageType<Role> = {
  typeName: 'authpb.Role',
  fields: [
    describeField(1, 'name', 'name', 'name', 'bytes'),
    describeField(2, 'keyPermission', 'keyPermission', 'keyPermission', 'message', {
      repeated: true,
      messageType: () => Permission,
    }),
  ],
  create(init?: Partial<Role>): Role {
    return { name: init?.name ?? EMPTY_BYTES, keyPermission: init?.keyPermission ?? [] };
  },
  sizeOf: sizeRole,
  encode(m: Role): Uint8Array {
    const w = beginMessage(sizeRole(m));
    writeRole(m, w);
    return w.take();
  },
  write: writeRole,
  encodeInto(m: Role, w: WireWriter): void {
    w.reserve(sizeRole(m));
    writeRole(m, w);
  },
  decode(bytes: Uint8Array): Role {
    const r = new WireReader(bytes);
    return readRole(r, r.end);
  },
};
