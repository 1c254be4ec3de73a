/**
 * How raft-node reaches its peers: ordered frames on two lanes, and snapshot streams. A transport knows nothing of
 * Raft; it may lose frames when a stream breaks, but never reorders, repeats or alters them within a stream.
 */

/** `control` carries heartbeats, votes, reads and peer calls; `bulk` carries appends. Bulk never delays control. */
export type Lane = 'control' | 'bulk';

export interface PeerAddress {
  readonly id: number;
  /** http(s):// base URLs, tried in turn. */
  readonly urls: readonly string[];
}

export type DisconnectCause =
  /** FIN or RST from the peer. */
  | 'closed-by-peer'
  /** No pong in time. */
  | 'ping-timeout'
  /** Too much was waiting to be sent. */
  | 'back-pressure'
  /** A frame broke the protocol. */
  | 'protocol-error'
  /** We closed it. */
  | 'closed-by-us';

export interface TransportHandlers {
  /** One frame; the bytes are the receiver's to keep. */
  onFrame(from: number, lane: Lane, frame: Uint8Array): void;
  /**
   * The peer streams a snapshot; resolves when it is staged durably, rejects to refuse it. The chunks are the receiver's
   * to keep.
   */
  onSnapshot(from: number, header: Uint8Array, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  onConnected(peer: number, lane: Lane): void;
  onDisconnected(peer: number, lane: Lane, cause: DisconnectCause): void;
  /** All lanes were closed by the peer and a redial failed: the process is gone (design, section 4). */
  onPeerDead(peer: number): void;
}

/** `sent` means queued on an open stream, no more. */
export type SendResult = 'sent' | 'not-connected' | 'full' | 'unknown-peer';

export interface PeerStatus {
  readonly id: number;
  readonly connected: boolean;
  /** Milliseconds on the transport's clock since anything was heard; null when never. */
  readonly silentMs: number | null;
  /** Smoothed round trip of pings. */
  readonly rttMs: number | null;
}

export interface Transport {
  start(handlers: TransportHandlers): void;
  /** The whole set of peers, without this member. Streams to peers left out are closed. */
  setPeers(peers: readonly PeerAddress[]): void;
  /** Takes frames of up to 32 MiB. The sender does not change the bytes afterwards. */
  send(to: number, lane: Lane, frame: Uint8Array): SendResult;
  /**
   * Resolves when the peer has staged it. Rejects with a TransportError. A chunk is not read any more once the next is
   * asked for: its memory may then be used again.
   */
  sendSnapshot(to: number, header: Uint8Array, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  peerStatus(id: number): PeerStatus | null;
  stop(): Promise<void>;
}
