/**
 * What a service method looks like to the doors. A method is written once: the WebSocket RPC, the JSON gateway and
 * gRPC all call it through this shape.
 */
import type { Caller } from '@understudy/mvcc';
import type { MethodDescriptor } from '@understudy/protocol';

export interface Call {
  /** The request's bytes as they came; null where they came in another form (JSON). */
  readonly raw: Uint8Array | null;
  /** How long the caller waits, milliseconds; undefined where it did not say. */
  readonly timeoutMs: number | undefined;
  /** The token that says who calls; absent where the caller gave none. */
  readonly token?: string | undefined;
  /** The common name of the client's certificate, where clients must show one: who calls, unless a token says so. */
  readonly commonName?: string | undefined;
  /** The caller wants to fail where no leader is known, rather than wait or hear of an old state. */
  readonly requireLeader?: boolean;
  /** Aborted when the caller gives up or goes away. Made when first asked for; absent where a door cannot tell. */
  readonly signal?: AbortSignal | undefined;
  /** Who calls, once the dispatcher has found out. Null: the call does not say; absent: authentication is off. */
  identity?: Caller | null | undefined;
}

export type UnaryHandler = (request: object, call: Call) => Promise<object>;

/** Where a stream answers. */
export interface StreamSink {
  /** False: the door's buffer is full; `StreamHandler.onDrain` says when there is room again. Nothing is lost. */
  send(message: object): boolean;
  /** Ends the stream; with an error, as failed. Nothing is sent after it. */
  end(error?: unknown): void;
}

/** One open stream, called by the door; of a server stream, `onMessage` comes once and then `onHalfClose`. */
export interface StreamHandler {
  onMessage(message: object): void;
  onDrain(): void;
  /** The client sends no more. */
  onHalfClose(): void;
  /** The client went away, or the server is stopping; nothing can be sent any more. */
  onClose(): void;
}

export type StreamOpener = (sink: StreamSink, call: Call) => StreamHandler;

/** What a door calls: the dispatcher of a member's services, or whatever forwards to one. */
export interface RpcTarget {
  /** Rejects with an RpcError, and with nothing else. */
  unary(method: MethodDescriptor, request: object, call: Call): Promise<object>;
  /** Throws an RpcError where the stream cannot be opened. */
  stream(method: MethodDescriptor, sink: StreamSink, call: Call): StreamHandler;
}

export interface ServiceTable {
  readonly unary: ReadonlyMap<MethodDescriptor, UnaryHandler>;
  readonly streams: ReadonlyMap<MethodDescriptor, StreamOpener>;
}

/** Collects handlers with the types of their methods. */
export class ServiceTableBuilder implements ServiceTable {
  readonly unary = new Map<MethodDescriptor, UnaryHandler>();
  readonly streams = new Map<MethodDescriptor, StreamOpener>();

  add<I extends object, O extends object>(
    method: MethodDescriptor<I, O, 'unary'>,
    handler: (request: I, call: Call) => Promise<O>,
  ): void {
    this.unary.set(method as unknown as MethodDescriptor, handler as unknown as UnaryHandler);
  }

  addStream<I extends object, O extends object>(
    method: MethodDescriptor<I, O, 'bidi' | 'server-stream'>,
    opener: (sink: { send(message: O): boolean; end(error?: unknown): void }, call: Call) => TypedStreamHandler<I>,
  ): void {
    this.streams.set(method as unknown as MethodDescriptor, opener as unknown as StreamOpener);
  }
}

export interface TypedStreamHandler<I extends object> extends Omit<StreamHandler, 'onMessage'> {
  onMessage(message: I): void;
}
