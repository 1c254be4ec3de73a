export type { PeerCounters } from './counters.js';
export type { Clock, TransportLogger, WsTransportDeps } from './environment.js';
export { TransportError, type TransportErrorCode } from './errors.js';
export type { Identity, LifeClaim, PeerHello, Refusal, Verdict } from './identity.js';
export type { TlsOptions, WsTransportOptions } from './options.js';
export { MAX_FRAME_BYTES, PROTOCOL_MAX, PROTOCOL_MIN, type RefusalReason, type StreamKind } from './protocol.js';
export { type LaneDetails, type PeerDetails, type SnapshotProgress, WsTransport } from './ws-transport.js';
