/**
 * The JSON gateway: every method of the service table at its HTTP path, as etcd's grpc-gateway has it. One JSON object
 * in, one out; streams take and give one object a line.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  etcdErrors,
  findMethodByHttpPath,
  gatewayError,
  gatewayStreamError,
  type MethodDescriptor,
  parseJson,
  RpcError,
  StatusCode,
  stringifyJson,
  toJson,
} from '@understudy/protocol';
import { asRpcError, failure } from '../services/failures.js';
import type { Dispatcher } from '../services/dispatcher.js';
import type { StreamHandler, StreamSink } from '../services/rpc.js';
import { answer, answerJson } from './http-answer.js';

/** JSON is larger than the request it stands for: base64, names, quotes. */
const JSON_OVERHEAD = 2;
const ENVELOPE_BYTES = 512 * 1024;

export class JsonGateway {
  readonly #dispatcher: Dispatcher;
  readonly #maxBodyBytes: number;

  constructor(dispatcher: Dispatcher, maxRequestBytes: number) {
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
      answerError(response, new RpcError(StatusCode.UNIMPLEMENTED, 'Method Not Allowed'), 405);
      return true;
    }
    if (method.kind === 'unary') this.#unary(method, request, response).catch((error) => answerError(response, error));
    else this.#stream(method, request, response);
    return true;
  }

  async #unary(method: MethodDescriptor, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request, this.#maxBodyBytes);
    const message = parseJson(method.input, text);
    const result = await this.#dispatcher.unary(method, message, { raw: null, timeoutMs: undefined });
    answer(response, 200, 'application/json', stringifyJson(method.output, result));
  }

  #stream(method: MethodDescriptor, request: IncomingMessage, response: ServerResponse): void {
    const sink: StreamSink = {
      send: (message) => {
        if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/json' });
        return response.write(`${JSON.stringify({ result: toJson(method.output, message) })}\n`);
      },
      end: (error) => {
        if (error === undefined) response.end();
        else if (!response.headersSent) answerError(response, error);
        else response.end(`${JSON.stringify(gatewayStreamError(asRpcError(error)))}\n`);
      },
    };
    let handler: StreamHandler;
    try {
      handler = this.#dispatcher.stream(method, sink, { raw: null, timeoutMs: undefined });
    } catch (error) {
      request.resume();
      answerError(response, error);
      return;
    }
    response.on('drain', () => handler.onDrain());
    response.on('close', () => handler.onClose());
    readLines(request, this.#maxBodyBytes, {
      onText: (text) => {
        try {
          handler.onMessage(parseJson(method.input, text));
        } catch (error) {
          sink.end(error);
        }
      },
      // A watch whose request is complete goes on; a keep-alive has its answers and ends.
      onEnd: () => {
        if (method.output.typeName !== 'etcdserverpb.WatchResponse') handler.onHalfClose();
      },
      onError: (error) => sink.end(error),
    });
  }
}

function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) reject(failure(etcdErrors.requestTooLarge));
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
    request.on('aborted', () => reject(new RpcError(StatusCode.CANCELLED, 'the request was cut off')));
  });
}

interface LineReader {
  onText(text: string): void;
  onEnd(): void;
  onError(error: unknown): void;
}

/** One JSON object a line; the last line needs no end. */
function readLines(request: IncomingMessage, maxBytes: number, reader: LineReader): void {
  let rest = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    if (rest.length > maxBytes) {
      request.destroy();
      reader.onError(failure(etcdErrors.requestTooLarge));
      return;
    }
    for (const line of lines) if (line.trim() !== '') reader.onText(line);
  });
  request.on('end', () => {
    if (rest.trim() !== '') reader.onText(rest);
    reader.onEnd();
  });
}

export function answerError(response: ServerResponse, error: unknown, status?: number): void {
  const { status: usual, body } = gatewayError(asRpcError(error));
  answerJson(response, status ?? usual, body);
}
