/** A stream whose messages and end are counted, whoever ends it. */
import { type MethodDescriptor, StatusCode } from '@understudy/protocol';
import type { RpcCounts } from '../telemetry/rpc-counts.js';
import { asRpcError } from './failures.js';
import type { StreamHandler, StreamSink } from './rpc.js';

/** Throws what `open` throws. */
export function countStream(
  counts: RpcCounts,
  method: MethodDescriptor,
  sink: StreamSink,
  open: (sink: StreamSink) => StreamHandler,
): StreamHandler {
  let over = false;
  const end = (code: StatusCode): void => {
    if (over) return;
    over = true;
    counts.handled(method, code);
  };
  counts.started(method);
  const counted: StreamSink = {
    send: (message) => {
      counts.sent(method);
      return sink.send(message);
    },
    end: (error) => {
      end(error === undefined ? StatusCode.OK : asRpcError(error).code);
      sink.end(error);
    },
  };
  let handler: StreamHandler;
  try {
    handler = open(counted);
  } catch (error) {
    end(asRpcError(error).code);
    throw error;
  }
  return {
    onMessage: (message) => {
      counts.received(method);
      handler.onMessage(message);
    },
    onDrain: () => handler.onDrain(),
    onHalfClose: () => handler.onHalfClose(),
    onClose: () => {
      end(StatusCode.CANCELLED);
      handler.onClose();
    },
  };
}
