/** One server as a gRPC client sees it: unary calls one after the other, and one stream of watches. */
import { type ClientDuplexStream, Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { findMethodByPath, fromJson, type JsonObject, type MethodDescriptor, toJson } from '@understudy/protocol';
import { waitUntil } from '@understudy/testbed';
import type { Json } from './operations.js';

export type Answer =
  | { readonly ok: true; readonly response: JsonObject }
  | { readonly ok: false; readonly code: string; readonly text: string };

const DEADLINE_MS = 60_000;
const WATCH_PATH = '/etcdserverpb.Watch/Watch';

export class Caller {
  readonly #client: Client;
  readonly #watches: ClientDuplexStream<object, object>;
  readonly #told: JsonObject[] = [];
  #broken: Error | null = null;

  /** @param address host and port of the server's client port. */
  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure());
    const { input, output } = methodOf(WATCH_PATH);
    this.#watches = this.#client.makeBidiStreamRequest(
      WATCH_PATH,
      (request) => Buffer.from(input.encode(request)),
      (bytes) => output.decode(bytes),
    );
    this.#watches.on('data', (message: object) => this.#told.push(toJson(output, message)));
    this.#watches.on('error', (error) => {
      this.#broken = error;
    });
  }

  unary(path: string, request: Json): Promise<Answer> {
    const { input, output } = methodOf(path);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        (message: object) => Buffer.from(input.encode(message)),
        (bytes) => output.decode(bytes),
        fromJson(input, request as JsonObject),
        { deadline: Date.now() + DEADLINE_MS },
        (error: ServiceError | null, response?: object) => {
          if (error === null) resolve({ ok: true, response: toJson(output, response as object) });
          // No answer at all is no answer to compare.
          else if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED) reject(error);
          else resolve({ ok: false, code: status[error.code] as string, text: error.details });
        },
      );
    });
  }

  /** Sends it and waits for the answer that it was created, refused or cancelled. */
  async watch(request: Json): Promise<JsonObject> {
    const from = this.#told.length;
    this.#watches.write(fromJson(methodOf(WATCH_PATH).input, request as JsonObject));
    return waitUntil('an answer of the watch', () => {
      if (this.#broken !== null) throw this.#broken;
      return (
        this.#told.slice(from).find((message) => message['created'] === true || message['canceled'] === true) ?? null
      );
    });
  }

  /** Everything that the watches were told so far. */
  get told(): readonly JsonObject[] {
    return this.#told;
  }

  close(): void {
    this.#watches.on('error', () => undefined);
    this.#watches.cancel();
    this.#client.close();
  }
}

function methodOf(path: string): MethodDescriptor {
  const method = findMethodByPath(path);
  if (method === undefined) throw new Error(`no method ${path}`);
  return method;
}
