// A client and a server session joined without sockets: frames cross in microtasks, as copies, so that a view which
// should have been a copy shows.
import {
  ClientSession,
  type ClientEvents,
  type MethodDescriptor,
  type ProtocolError,
  type ServerCall,
  type ServerHandler,
  ServerSession,
  type ServerStream,
  type SessionOptions,
} from '../src/index.js';

export interface Link {
  readonly client: ClientSession;
  readonly server: ServerSession;
  /** frames that each side sent */
  readonly fromClient: Uint8Array[];
  readonly fromServer: Uint8Array[];
  readonly failures: ProtocolError[];
  /** while true, frames of the server wait */
  holdServer: boolean;
  /** lets the waiting frames go */
  release(): void;
  disconnect(): void;
}

export interface LinkOptions {
  readonly client?: SessionOptions;
  readonly server?: SessionOptions;
  readonly events?: ClientEvents;
  readonly bufferedBytes?: () => number;
  readonly pauseReading?: () => void;
  readonly resumeReading?: () => void;
}

export function link(handler: Partial<ServerHandler>, options: LinkOptions = {}): Link {
  const held: Uint8Array[] = [];
  const state: { link?: Link } = {};
  const failures: ProtocolError[] = [];
  const fromClient: Uint8Array[] = [];
  const fromServer: Uint8Array[] = [];
  const fail = (error: ProtocolError): void => {
    failures.push(error);
  };
  const client = new ClientSession(
    {
      transport: {
        send(frame) {
          const copy = frame.slice();
          fromClient.push(copy);
          queueMicrotask(() => server.receive(copy));
        },
        schedule: queueMicrotask,
        fail,
      },
      ...(options.events === undefined ? {} : { events: options.events }),
    },
    options.client,
  );
  const { bufferedBytes, pauseReading, resumeReading } = options;
  const server: ServerSession = new ServerSession(
    {
      transport: {
        send(frame) {
          const copy = frame.slice();
          fromServer.push(copy);
          if (state.link?.holdServer === true) held.push(copy);
          else queueMicrotask(() => client.receive(copy));
        },
        schedule: queueMicrotask,
        fail,
        ...(bufferedBytes === undefined ? {} : { bufferedBytes }),
        ...(pauseReading === undefined ? {} : { pauseReading }),
        ...(resumeReading === undefined ? {} : { resumeReading }),
      },
      handler: {
        unary:
          handler.unary ?? ((_method: MethodDescriptor, _request: Uint8Array, call: ServerCall) => call.respond({})),
        open: handler.open ?? ((_method: MethodDescriptor, stream: ServerStream) => stream.end()),
        ...(handler.onDefect === undefined ? {} : { onDefect: handler.onDefect.bind(handler) }),
      },
    },
    { memberId: 7, clusterId: 9, ...options.server },
  );
  state.link = {
    client,
    server,
    fromClient,
    fromServer,
    failures,
    holdServer: false,
    release() {
      this.holdServer = false;
      for (const frame of held.splice(0)) client.receive(frame);
    },
    disconnect() {
      client.close();
      server.close();
    },
  };
  return state.link;
}

/** Lets everything that is under way arrive. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
