/**
 * Who dials, when, and which of two simultaneous streams survives. Pure.
 *
 * The member with the lower id is the arbiter of a pair: while its own hello is out, it turns the other's away, and
 * otherwise it accepts and gives up its own attempt; the higher id always accepts. So at most one handshake of a pair
 * and lane can be confirmed, and no frame travels on a stream that the other side is about to drop.
 */
import type { DisconnectCause } from '@understudy/raft-node';
import type { RefusalReason } from './protocol.js';

/** How far an own dial has come. */
export type AttemptStage = 'none' | 'connecting' | 'hello-sent';

export function answerToHello(ownId: number, peerId: number, own: AttemptStage): 'accept' | 'duplicate' {
  return ownId < peerId && own === 'hello-sent' ? 'duplicate' : 'accept';
}

/** What to wait before dialling: nothing, a moment for the lower id to dial, the backoff, the slow pace, or for ever. */
export type DialPace = 'now' | 'stagger' | 'backoff' | 'slow' | 'never';

export function paceOnStart(ownId: number, peerId: number): DialPace {
  return ownId < peerId ? 'now' : 'stagger';
}

/**
 * A stream that the peer closed is redialled at once by both sides: whether that works tells a dead process from a
 * flaky link. One that fell over right after it was made is not, or two members could spin.
 */
export function paceOnLoss(cause: DisconnectCause, livedMs: number, minLifeMs: number): DialPace {
  return cause === 'closed-by-peer' && livedMs >= minLifeMs ? 'now' : 'backoff';
}

export function paceOnRefusal(reason: RefusalReason): DialPace {
  if (reason === 'removed') return 'never';
  return reason === 'duplicate' ? 'backoff' : 'slow';
}

/** Refusals by somebody who is not the member that was meant: another URL may still lead to it. */
export function triesNextUrl(reason: RefusalReason): boolean {
  return reason === 'wrong-member' || reason === 'wrong-cluster';
}

/**
 * Errors of a dial that say: that machine answered, or is known, and nobody listens there. Time-outs, resets, name and
 * TLS failures say nothing about the process.
 */
const GONE_CODES = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN']);

export function saysGone(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(saysGone);
  return typeof error === 'object' && error !== null && 'code' in error && GONE_CODES.has(String(error.code));
}
