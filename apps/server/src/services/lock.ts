/** v3lockpb.Lock: advisory locks; the create revision of the key that is given out is the fencing token. */
import { DeleteRangeRequest, LockService } from '@understudy/protocol';
import type { KvCalls } from './kv.js';
import type { LockLine } from './lock-line.js';
import type { ServiceTableBuilder } from './rpc.js';

const NO_BYTES = new Uint8Array(0);

export function addLockService(table: ServiceTableBuilder, line: LockLine, kv: Pick<KvCalls, 'deleteRange'>): void {
  const { methods } = LockService;
  table.add(methods.lock, async ({ name, lease }, call) => {
    const place = await line.join(name, lease, NO_BYTES, call);
    return { header: await line.turn(name, place, call), key: place.key };
  });
  table.add(methods.unlock, async ({ key }, call) => {
    const { header } = await kv.deleteRange(DeleteRangeRequest.create({ key }), {
      identity: call.identity,
      timeoutMs: call.timeoutMs,
      raw: null,
    });
    return { header };
  });
}
