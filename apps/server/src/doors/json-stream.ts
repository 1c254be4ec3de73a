/**
 * A stream over the JSON gateway: one JSON object a line, in and out, the answers wrapped in `result` as etcd's gateway
 * has them. A client that does not read is not read from either; a client that goes away ends what it opened.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  etcdErrors,
  gatewayError,
  gatewayStreamError,
  type MethodDescriptor,
  parseJson,
  toJson,
} from '@understudy/protocol';
import { startDeadline } from '../deadline-timer.js';
import { asRpcError, failure } from '../services/failures.js';
import type { Call, RpcTarget, StreamHandler, StreamSink } from '../services/rpc.js';
import { answerJson } from './http-answer.js';
import { readLines } from './http-request.js';
import { jsonCall } from './json-call.js';

export function serveJsonStream(
  dispatcher: RpcTarget,
  method: MethodDescriptor,
  request: IncomingMessage,
  response: ServerResponse,
  maxLineBytes: number,
): void {
  const answers = new JsonAnswers(method, request, response);
  let call: Call;
  let handler: StreamHandler;
  try {
    call = jsonCall(request);
    handler = dispatcher.stream(method, answers, call);
  } catch (error) {
    request.resume();
    answers.end(error);
    return;
  }
  const fail = (error: unknown): void => {
    answers.end(error);
    handler.onClose();
  };
  response.on('drain', () => {
    request.resume();
    handler.onDrain();
  });
  const { timeoutMs = Number.POSITIVE_INFINITY } = call;
  const deadline = startDeadline(timeoutMs, () => fail(failure(etcdErrors.deadlineExceeded)));
  response.on('close', () => {
    clearTimeout(deadline);
    handler.onClose();
  });
  readLines(request, maxLineBytes, {
    onLine: (text) => {
      try {
        if (!answers.ended) handler.onMessage(parseJson(method.input, text));
      } catch (error) {
        fail(error);
      }
      return !answers.ended;
    },
    onEnd: () => handler.onHalfClose(),
    onTooLong: () => fail(failure(etcdErrors.requestTooLarge)),
  });
}

class JsonAnswers implements StreamSink {
  readonly #method: MethodDescriptor;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  ended = false;

  constructor(method: MethodDescriptor, request: IncomingMessage, response: ServerResponse) {
    this.#method = method;
    this.#request = request;
    this.#response = response;
  }

  send(message: object): boolean {
    if (this.ended || this.#response.destroyed) return false;
    this.#begin();
    const hasRoom = this.#response.write(`${JSON.stringify({ result: toJson(this.#method.output, message) })}\n`);
    if (!hasRoom) this.#request.pause();
    return hasRoom;
  }

  end(error?: unknown): void {
    if (this.ended) return;
    this.ended = true;
    // Whatever the request still says is thrown away.
    this.#request.resume();
    if (error === undefined) {
      this.#begin();
      this.#response.end();
    } else if (this.#response.headersSent) {
      this.#response.end(`${JSON.stringify(gatewayStreamError(asRpcError(error)))}\n`);
    } else {
      const { status, body } = gatewayError(asRpcError(error));
      answerJson(this.#response, status, body);
    }
  }

  #begin(): void {
    if (!this.#response.headersSent) this.#response.writeHead(200, { 'content-type': 'application/json' });
  }
}
