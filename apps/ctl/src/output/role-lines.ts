// A role and what it may do, as etcdctl lays it out.
import { type AuthRoleGetResponse, type Permission, PermissionType } from '@understudy/protocol';
import { prefixEnd } from '@understudy/client';
import { quoted } from './byte-text.js';

export function roleLines(role: string, { perm }: AuthRoleGetResponse): string[] {
  const reads = perm.filter(({ permType }) => permType !== PermissionType.WRITE);
  const writes = perm.filter(({ permType }) => permType !== PermissionType.READ);
  return [`Role ${role}`, 'KV Read:', ...reads.map(permissionLine), 'KV Write:', ...writes.map(permissionLine)];
}

export function roleFields({ perm }: AuthRoleGetResponse): string[] {
  return perm.flatMap(({ permType, key, rangeEnd }) => [
    `"PermType" :  ${TYPES[permType] ?? permType}`,
    `"Key" : ${quoted(key)}`,
    `"RangeEnd" : ${quoted(rangeEnd)}`,
  ]);
}

const TYPES: Readonly<Record<number, string>> = {
  [PermissionType.READ]: 'READ',
  [PermissionType.WRITE]: 'WRITE',
  [PermissionType.READWRITE]: 'READWRITE',
};

function permissionLine({ key, rangeEnd }: Permission): string {
  // Every key: etcdctl writes the zero byte that it begins with.
  const first = text(key);
  if (rangeEnd.length === 0) return `\t${first}`;
  if (isOpen(rangeEnd)) return `\t[${first}, <open ended>`;
  const prefix = Buffer.compare(prefixEnd(key), rangeEnd) === 0 ? ` (prefix ${first})` : '';
  return `\t[${first}, ${text(rangeEnd)})${prefix}`;
}

export function isOpen(rangeEnd: Uint8Array): boolean {
  return rangeEnd.length === 1 && rangeEnd[0] === 0;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
