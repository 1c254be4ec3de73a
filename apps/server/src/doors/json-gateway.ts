/**
 * The JSON gateway: every method of the service table at its HTTP path, as etcd's grpc-gateway has it. One JSON object
 * in, one out; streams are in `json-stream.ts`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  findMethodByHttpPath,
  gatewayError,
  type MethodDescriptor,
  parseJson,
  stringifyJson,
} from '@understudy/protocol';
import { asRpcError } from '../services/failures.js';
import type { RpcTarget } from '../services/rpc.js';
import { DoorCall } from './door-call.js';
import { answer, answerJson, answerText } from './http-answer.js';
import { readBody } from './http-request.js';
import { jsonCall } from './json-call.js';
import { serveJsonStream } from './json-stream.js';

/** JSON is larger than the request it stands for: base64, names, quotes. */
const JSON_OVERHEAD = 2;
const ENVELOPE_BYTES = 512 * 1024;

export class JsonGateway {
  readonly #dispatcher: RpcTarget;
  readonly #maxBodyBytes: number;

  constructor(dispatcher: RpcTarget, maxRequestBytes: number) {
    this.#dispatcher = dispatcher;
    this.#maxBodyBytes = maxRequestBytes * JSON_OVERHEAD + ENVELOPE_BYTES;
  }

  /** False where the path is none of the gateway's. */
  handle(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    const method = findMethodByHttpPath(path);
    if (method === undefined) return false;
    if (request.method !== 'POST') {
      request.resume();
      response.setHeader('allow', 'POST');
      answerText(response, 405, 'Method Not Allowed');
    } else if (method.kind === 'unary') {
      this.#unary(method, request, response).catch((error: unknown) => {
        // An unread rest of the request cannot be followed by another one.
        if (!request.complete && !response.headersSent) response.setHeader('connection', 'close');
        answerError(response, error);
      });
    } else {
      serveJsonStream(this.#dispatcher, method, request, response, this.#maxBodyBytes);
    }
    return true;
  }

  async #unary(method: MethodDescriptor, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request, this.#maxBodyBytes);
    const message = parseJson(method.input, text);
    const call = new DoorCall(jsonCall(request));
    response.on('close', () => call.abandon());
    const result = await this.#dispatcher.unary(method, message, call);
    answer(response, 200, 'application/json', stringifyJson(method.output, result));
  }
}

function answerError(response: ServerResponse, error: unknown): void {
  const { status, body } = gatewayError(asRpcError(error));
  answerJson(response, status, body);
}
