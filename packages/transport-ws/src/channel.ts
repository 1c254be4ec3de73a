/** A connection whose handshake is over: both ends know who the other is, and agreed on a version. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Environment } from './environment.js';
import type { Greeting } from './handshake-codec.js';
import { type PeerHello, UNKNOWN_LIFE } from './identity.js';
import { PROTOCOL_MAX, PROTOCOL_MIN, type RefusalReason, type StreamKind } from './protocol.js';

export interface Channel {
  readonly ws: WebSocket;
  readonly socket: Duplex;
  readonly hello: PeerHello;
}

export interface Objection {
  readonly reason: RefusalReason;
  readonly configIndex: number;
}

export function ownGreeting(env: Environment, to: number, stream: StreamKind, protocol: number | null): Greeting {
  return {
    protocolMin: protocol ?? PROTOCOL_MIN,
    protocolMax: protocol ?? PROTOCOL_MAX,
    stream,
    clusterId: env.identity.clusterId,
    from: env.identity.memberId,
    to,
    bootCount: env.identity.bootCount,
    directoryId: env.identity.directoryId,
    life: env.identity.life ?? UNKNOWN_LIFE,
  };
}

export function helloOf(greeting: Greeting, protocol: number, dialledBy: 'peer' | 'us'): PeerHello {
  return {
    memberId: greeting.from,
    directoryId: greeting.directoryId,
    bootCount: greeting.bootCount,
    life: greeting.life,
    stream: greeting.stream,
    protocol,
    dialledBy,
  };
}

/** What speaks against a greeting, or null. The transport judges cluster, addressee and version; the owner the rest. */
export function objectionTo(env: Environment, greeting: Greeting, hello: PeerHello): Objection | null {
  if (greeting.clusterId !== env.identity.clusterId) return { reason: 'wrong-cluster', configIndex: 0 };
  if (greeting.to !== env.identity.memberId || greeting.from === env.identity.memberId) {
    return { reason: 'wrong-member', configIndex: 0 };
  }
  if (hello.protocol === 0) return { reason: 'protocol-range', configIndex: 0 };
  // Before the owner is asked: what it knows of a copy that has no stream must not count against the original.
  const rival = env.rival(hello);
  if (rival !== 'none') return { reason: rival === 'alive' ? 'directory-in-use' : 'duplicate', configIndex: 0 };
  const verdict = env.admit(hello);
  return verdict.ok ? null : { reason: verdict.reason, configIndex: verdict.configIndex ?? 0 };
}
