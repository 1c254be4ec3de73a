/** etcdserverpb.KV: put, range, delete, transactions, compaction. */
import {
  checkDeleteRange,
  checkPut,
  checkRange,
  checkTxn,
  type Mvcc,
  type Outcome,
  type Reason,
  type TxnResponse as StateTxnResponse,
} from '@understudy/mvcc';
import {
  CompactionRequest,
  type CompactionResponse,
  DeleteRangeRequest,
  type DeleteRangeResponse,
  etcdErrors,
  KVService,
  PutRequest,
  type PutResponse,
  type RangeRequest,
  type RangeResponse,
  type RequestOp,
  type ResponseOp,
  TxnRequest,
  type TxnResponse,
} from '@understudy/protocol';
import { CommandKind } from '../state/command.js';
import { nextTurn } from '../state/store-calls.js';
import { bytesOfPut, bytesOfTxn, isReadOnly } from '../state/request-effect.js';
import { failure, fromRaft, refused } from './failures.js';
import type { Member } from './member.js';
import type { Call, ServiceTableBuilder } from './rpc.js';

/** A range of more keys than this is read in pieces, so that other work comes between. */
const KEYS_A_TURN = 1000;
const BYTES_A_TURN = 4 * 1024 * 1024;
/** How often a physical compaction is looked at by who waits for it. */
const COMPACTION_LOOK_MS = 10;

type Succeeded<O> = Extract<O, { readonly ok: true }>;

/** What other services do as a client would. */
export interface KvCalls {
  readonly txn: (request: TxnRequest, call: Call) => Promise<TxnResponse>;
  readonly deleteRange: (request: DeleteRangeRequest, call: Call) => Promise<DeleteRangeResponse>;
}

export function addKvService(table: ServiceTableBuilder, member: Member): KvCalls {
  const { methods } = KVService;
  table.add(methods.put, (request, call) => put(member, request, call));
  table.add(methods.range, (request, call) => range(member, request, call));
  table.add(methods.deleteRange, (request, call) => deleteRange(member, request, call));
  table.add(methods.txn, (request, call) => txn(member, request, call));
  table.add(methods.compact, (request, call) => compact(member, request, call));
  return {
    txn: (request, call) => txn(member, request, call),
    deleteRange: (request, call) => deleteRange(member, request, call),
  };
}

async function put(member: Member, request: PutRequest, call: Call): Promise<PutResponse> {
  accept(checkPut(request));
  checkSize(member, request.key.length + request.value.length);
  if (!member.hasSpace(bytesOfPut(request))) await member.demandSpace(bytesOfPut(request));
  const raw = call.raw ?? PutRequest.encode(request);
  const result = succeeded(await member.propose<ReturnType<Mvcc['put']>>(CommandKind.Put, raw, request, call));
  return { header: member.header(result.revision), prevKv: result.prevKv };
}

async function range(member: Member, request: RangeRequest, call: Call): Promise<RangeResponse> {
  accept(checkRange(request));
  const bound = await readBound(member, request, call);
  member.metrics.counts.ranges += 1;
  const { mvcc } = member.state;
  // What may be long is read in pieces, at one revision.
  if (request.rangeEnd.length === 0) {
    const { revision, kvs, more, count } = succeeded(mvcc.range(request));
    return { header: member.header(revision), kvs: [...kvs], more, count, ...bound };
  }
  const { cursor } = succeeded(mvcc.openRange(request));
  const header = member.header();
  const kvs: RangeResponse['kvs'] = [];
  try {
    while (!cursor.prepare(KEYS_A_TURN)) await nextTurn();
    const wanted = request.limit > 0 ? Math.min(request.limit, cursor.count) : cursor.count;
    for (;;) {
      const piece = cursor.next(KEYS_A_TURN, BYTES_A_TURN);
      if (piece.length === 0) return { header, kvs, more: cursor.more, count: cursor.count, ...bound };
      for (const kv of piece) kvs.push(kv);
      // A piece that ends early may be the last one, or one of large values.
      if (kvs.length < wanted) await nextTurn();
    }
  } finally {
    cursor.close();
  }
}

/** Waits for what the read asks for. Who does not vote says how old its own state may be. */
async function readBound(
  member: Member,
  { serializable }: RangeRequest,
  call: Call,
): Promise<Pick<RangeResponse, 'stalenessMs'>> {
  if (!serializable) {
    await member.readBarrier(call);
    return {};
  }
  if (!member.isLearner) return {};
  await member.dataAge.check();
  return { stalenessMs: member.dataAge.boundMs ?? undefined };
}

async function deleteRange(member: Member, request: DeleteRangeRequest, call: Call): Promise<DeleteRangeResponse> {
  accept(checkDeleteRange(request));
  const raw = call.raw ?? DeleteRangeRequest.encode(request);
  const result = succeeded(
    await member.propose<ReturnType<Mvcc['deleteRange']>>(CommandKind.DeleteRange, raw, request, call),
  );
  return { header: member.header(result.revision), deleted: result.deleted, prevKvs: [...result.prevKvs] };
}

async function txn(member: Member, request: TxnRequest, call: Call): Promise<TxnResponse> {
  accept(checkTxn(request, member.config.maxTxnOps));
  if (isReadOnly(request)) {
    if (!isSerializable(request)) await member.readBarrier(call);
    // Comparisons look at what is there now.
    return member.state.whenWhole((mvcc) => txnResponse(member, succeeded(mvcc.txn(request))));
  }
  const raw = call.raw ?? TxnRequest.encode(request);
  checkSize(member, raw.length);
  const bytes = bytesOfTxn(request);
  if (bytes > 0 && !member.hasSpace(bytes)) await member.demandSpace(bytes);
  const result = await member.propose<ReturnType<Mvcc['txn']>>(CommandKind.Txn, raw, request, call);
  return txnResponse(member, succeeded(result));
}

async function compact(member: Member, request: CompactionRequest, call: Call): Promise<CompactionResponse> {
  const raw = call.raw ?? CompactionRequest.encode(request);
  succeeded(await member.propose<ReturnType<Mvcc['compact']>>(CommandKind.Compact, raw, undefined, call));
  if (request.physical) await compactionDone(member);
  return { header: member.header() };
}

/** The records go in the background, as reads that hold them end; a flush carries the last of them. */
async function compactionDone(member: Member): Promise<void> {
  while (member.state.mvcc.stats().compacting) {
    await new Promise((resolve) => setTimeout(resolve, COMPACTION_LOOK_MS));
    if (member.state.mvcc.stats().pendingDeletes > 0) await member.node.snapshot().catch(throwFromRaft);
  }
}

function throwFromRaft(error: unknown): never {
  throw fromRaft(error);
}

function txnResponse(member: Member, result: StateTxnResponse): TxnResponse {
  return {
    header: member.header(result.revision),
    succeeded: result.succeeded,
    responses: result.responses.map((op) => responseOp(op)),
  };
}

/** Headers inside a transaction carry the revision alone, as etcd's. */
function responseOp(op: StateTxnResponse['responses'][number]): ResponseOp {
  const header = (revision: number): PutResponse['header'] => ({ clusterId: 0, memberId: 0, revision, raftTerm: 0 });
  if (op.responseRange !== undefined) {
    const { revision, kvs, more, count } = op.responseRange;
    return { responseRange: { header: header(revision), kvs: [...kvs], more, count } };
  }
  if (op.responsePut !== undefined) {
    return { responsePut: { header: header(op.responsePut.revision), prevKv: op.responsePut.prevKv } };
  }
  if (op.responseDeleteRange !== undefined) {
    const { revision, deleted, prevKvs } = op.responseDeleteRange;
    return { responseDeleteRange: { header: header(revision), deleted, prevKvs: [...prevKvs] } };
  }
  const nested = op.responseTxn as StateTxnResponse;
  return {
    responseTxn: {
      header: header(nested.revision),
      succeeded: nested.succeeded,
      responses: nested.responses.map((inner) => responseOp(inner)),
    },
  };
}

function isSerializable(request: TxnRequest): boolean {
  const serializable = (op: RequestOp): boolean =>
    op.requestRange?.serializable === true || (op.requestTxn !== undefined && isSerializable(op.requestTxn));
  return request.success.every(serializable) && request.failure.every(serializable);
}

function accept(reason: Reason | null): void {
  if (reason !== null) throw refused(reason);
}

function succeeded<O extends Outcome<object>>(outcome: O): Succeeded<O> {
  if (!outcome.ok) throw refused(outcome.reason);
  return outcome as Succeeded<O>;
}

function checkSize(member: Member, bytes: number): void {
  if (bytes > member.config.maxRequestBytes) throw failure(etcdErrors.requestTooLarge);
}
