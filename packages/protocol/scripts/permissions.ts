// The words that a method's (understudy.permission) may be. What each demands is decided by who serves the method.
import type { MethodPermission } from '../src/service.js';

const known: Readonly<Record<MethodPermission, true>> = {
  none: true,
  user: true,
  admin: true,
  range: true,
  put: true,
  delete_range: true,
  txn: true,
  write_all: true,
  watch: true,
  lock: true,
  lease_revoke: true,
  lease_keys: true,
  own_user: true,
  own_role: true,
};

export const permissions = Object.keys(known) as readonly MethodPermission[];
