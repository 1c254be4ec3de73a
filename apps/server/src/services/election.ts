/** v3electionpb.Election: one leader among clients, by the line of `lock-line.ts`; the value it proclaims, for who asks. */
import {
  type CampaignRequest,
  type CampaignResponse,
  ElectionService,
  KVService,
  type LeaderKey,
  RpcError,
  StatusCode,
} from '@understudy/protocol';
import type { Access } from './auth/access.js';
import { LeaderObserver } from './leader-observer.js';
import { type LineDeps, type LockLine, type Place, prefixOf, proclaimIn } from './lock-line.js';
import type { Call, ServiceTableBuilder } from './rpc.js';

export interface ElectionDeps extends LineDeps {
  readonly line: LockLine;
  readonly access: Access;
}

export function addElectionService(table: ServiceTableBuilder, deps: ElectionDeps): void {
  const { member, line, access } = deps;
  const { methods } = ElectionService;
  const mayRead = (name: Uint8Array, call: Call): void => access.check(KVService.methods.range, prefixOf(name), call);
  table.add(methods.campaign, (request, call) => campaign(deps, request, call));
  table.add(methods.proclaim, async ({ leader, value }, call) => {
    const answer = await proclaimIn(deps, placeOf(leader), value, call);
    if (!answer.succeeded) throw unlike('election: not leader');
    return { header: answer.header };
  });
  table.add(methods.resign, async ({ leader }, call) => {
    const { header } = await line.leave(placeOf(leader), call);
    return { header };
  });
  table.add(methods.leader, async ({ name }, call) => {
    await member.readBarrier(call);
    mayRead(name, call);
    const kv = line.owner(name);
    if (kv === undefined) throw unlike('election: no leader');
    return { header: member.header(), kv };
  });
  table.addStream(methods.observe, (sink, call) => {
    return new LeaderObserver({
      member,
      sink,
      permitted: ({ name }) => mayRead(name, call),
      refusal: ({ name }) => access.refusalOfWatch(prefixOf(name), call),
    });
  });
}

/** Wins, or fails and is out of the line. Who holds the leadership already proclaims its new value. */
async function campaign(deps: ElectionDeps, request: CampaignRequest, call: Call): Promise<CampaignResponse> {
  const { line } = deps;
  const { name, value } = request;
  const place = await line.join(name, request.lease, value, call);
  const { key, lease, revision, found } = place;
  if (found !== undefined && Buffer.compare(found.value, value) !== 0) await reproclaim(deps, place, value, call);
  const header = await line.turn(name, place, call);
  return { header, leader: { name, key, rev: revision, lease } };
}

async function reproclaim(deps: ElectionDeps, place: Place, value: Uint8Array, call: Call): Promise<void> {
  const { succeeded } = await proclaimIn(deps, place, value, call);
  if (!succeeded) throw unlike('election: not leader');
}

function placeOf(leader: LeaderKey | undefined): Pick<Place, 'key' | 'revision' | 'lease'> {
  if (leader === undefined) throw unlike('"leader" field must be provided');
  return { key: leader.key, revision: leader.rev, lease: leader.lease };
}

/** etcd has these words without a code. */
function unlike(text: string): RpcError {
  return new RpcError(StatusCode.UNKNOWN, text, { outcome: 'not-applied' });
}
