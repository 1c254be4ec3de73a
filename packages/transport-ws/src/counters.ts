/** What happened with one peer since it was added. Only grows. */
import type { DisconnectCause } from '@understudy/raft-node';

export interface PeerCounters {
  /** Frames and their bytes on both lanes, and the messages that carried them. */
  framesOut: number;
  framesIn: number;
  bytesOut: number;
  bytesIn: number;
  messagesOut: number;
  messagesIn: number;
  /** Sends answered `full` or `not-connected`. */
  framesTurnedAway: number;
  /** Frames accepted by `send` that were still queued here when their stream ended. */
  framesDropped: number;
  /** Streams that came up, counted for each lane. */
  connects: number;
  /** Rounds of dialling that reached nobody. */
  failedDials: number;
  disconnects: Record<DisconnectCause, number>;
  snapshotsSent: number;
  snapshotsReceived: number;
  snapshotBytesOut: number;
  snapshotBytesIn: number;
}

export function newCounters(): PeerCounters {
  return {
    framesOut: 0,
    framesIn: 0,
    bytesOut: 0,
    bytesIn: 0,
    messagesOut: 0,
    messagesIn: 0,
    framesTurnedAway: 0,
    framesDropped: 0,
    connects: 0,
    failedDials: 0,
    disconnects: {
      'closed-by-peer': 0,
      'ping-timeout': 0,
      'back-pressure': 0,
      'protocol-error': 0,
      'closed-by-us': 0,
    },
    snapshotsSent: 0,
    snapshotsReceived: 0,
    snapshotBytesOut: 0,
    snapshotBytesIn: 0,
  };
}
