// The table of services: one entry a method, shared by every door (gRPC, JSON gateway, WebSocket) and by the client.
import { services } from './gen/services.js';
import type { MessageType } from './message-type.js';

export type MethodKind = 'unary' | 'server-stream' | 'client-stream' | 'bidi';

/**
 * What a caller needs where authentication is enabled. `none`: nothing, not even a name. `user`: to be a user. `admin`:
 * the role root. `range`, `put`, `delete_range`, `txn`, `lease_revoke`, `lease_keys`: permission for the keys that the
 * request touches. `write_all`: write permission for every key. `watch`, `lock`: to be judged part by part, while the
 * method runs. `own_user`, `own_role`: `admin`, unless the request is about the caller.
 */
export type MethodPermission =
  | 'none'
  | 'user'
  | 'admin'
  | 'range'
  | 'put'
  | 'delete_range'
  | 'txn'
  | 'write_all'
  | 'watch'
  | 'lock'
  | 'lease_revoke'
  | 'lease_keys'
  | 'own_user'
  | 'own_role';

export interface HttpBinding {
  readonly method: 'POST';
  /** `/v3/kv/put` */
  readonly path: string;
}

export interface MethodDescriptor<
  I extends object = object,
  O extends object = object,
  K extends MethodKind = MethodKind,
> {
  /** `etcdserverpb.KV` */
  readonly service: string;
  /** `Put` */
  readonly name: string;
  /** the gRPC path, `/etcdserverpb.KV/Put` */
  readonly path: string;
  readonly kind: K;
  readonly input: MessageType<I>;
  readonly output: MessageType<O>;
  /** the first is the usual one */
  readonly http: readonly HttpBinding[];
  /** stands for the method in the native framing; never another method's */
  readonly id: number;
  readonly permission: MethodPermission;
}

export interface ServiceDescriptor {
  readonly typeName: string;
  /** by the method's name with a small first letter */
  readonly methods: Readonly<Record<string, MethodDescriptor>>;
}

/** Every method of every service. */
export const methods: readonly MethodDescriptor[] = /* @__PURE__ */ services.flatMap((service) =>
  Object.values(service.methods),
);

const byPath: ReadonlyMap<string, MethodDescriptor> = /* @__PURE__ */ new Map(methods.map((m) => [m.path, m]));

const byId: readonly (MethodDescriptor | undefined)[] = /* @__PURE__ */ (() => {
  const table: (MethodDescriptor | undefined)[] = Array(Math.max(...methods.map((m) => m.id)) + 1).fill(undefined);
  for (const method of methods) table[method.id] = method;
  return table;
})();

const byHttpPath: ReadonlyMap<string, MethodDescriptor> = /* @__PURE__ */ new Map(
  methods.flatMap((m) => m.http.map(({ path }) => [path, m] as const)),
);

const OLD_REFLECTION = '/grpc.reflection.v1alpha.';

/** The method of a gRPC path such as `/etcdserverpb.KV/Put`. */
export function findMethodByPath(path: string): MethodDescriptor | undefined {
  // Reflection's older name has the same messages, and most clients try it.
  return byPath.get(path) ?? (path.startsWith(OLD_REFLECTION) ? byPath.get(path.replace('v1alpha', 'v1')) : undefined);
}

/** The method of a number of the native framing. */
export function findMethodById(id: number): MethodDescriptor | undefined {
  return byId[id];
}

/** The method of a path of the JSON gateway, `/v3/...` or, as etcd 3.4 still allows, `/v3beta/...`. All are POST. */
export function findMethodByHttpPath(path: string): MethodDescriptor | undefined {
  return byHttpPath.get(path.startsWith('/v3beta/') ? `/v3/${path.slice('/v3beta/'.length)}` : path);
}
