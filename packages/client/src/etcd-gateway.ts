// An etcd as the destination of a mirror: ranges and transactions by the JSON gateway that it has beside gRPC, since it does
// not speak our WebSocket. Nothing is retried here, but for a token that has expired.
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import {
  AuthService,
  etcdErrorName,
  etcdErrors,
  KVService,
  type MethodDescriptor,
  type Outcome,
  parseJson,
  RpcError,
  StatusCode,
  stringifyJson,
  toStatusCode,
} from '@understudy/protocol';
import type { CallOptions } from './call-options.js';
import { ClientError, serverError } from './client-error.js';
import type { Credentials } from './endpoint-pool.js';
import type { Bytes, KeyRange } from './key-range.js';
import { type RangeFields, rangeRequest } from './kv-requests.js';
import { type RangeResult, rangeResult, type TxnResult, txnResult } from './kv-results.js';
import type { TlsOptions } from './tls-options.js';
import { type TxnSpec, txnRequest } from './txn.js';

export interface EtcdGatewayDeps {
  /** `http(s)://host:port` of one member. */
  readonly endpoint: string;
  readonly tls?: TlsOptions | undefined;
  readonly auth?: Credentials | undefined;
}

export interface EtcdGatewayOptions {
  /** Milliseconds a call may take, unless it says otherwise. Default 5000. */
  readonly timeoutMs?: number | undefined;
  /** The largest answer that is taken. Default 64 MiB. */
  readonly maxAnswerBytes?: number | undefined;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const OK = 200;

export class EtcdGateway {
  private readonly deps: EtcdGatewayDeps;
  private readonly base: URL;
  private readonly timeoutMs: number;
  private readonly maxAnswerBytes: number;
  private readonly agent: HttpAgent | HttpsAgent;
  // what the server gave for the credentials; undefined before, and after it was refused
  private token: string | undefined = undefined;

  constructor(deps: EtcdGatewayDeps, options: EtcdGatewayOptions = {}) {
    this.deps = deps;
    this.base = new URL(deps.endpoint);
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.maxAnswerBytes = options.maxAnswerBytes ?? MAX_ANSWER_BYTES;
    const keepAlive = { keepAlive: true, maxSockets: 4 };
    this.agent =
      this.base.protocol === 'https:' ? new HttpsAgent({ ...keepAlive, ...deps.tls }) : new HttpAgent(keepAlive);
  }

  /**
   * Whether the endpoint is an etcd, and no server of ours, which says so in its version.
   * @throws ClientError UNAVAILABLE when nobody answers there
   */
  async isEtcd(options: CallOptions = {}): Promise<boolean> {
    const { status, text } = await this.exchange('GET', '/version', undefined, options, 'not-applied');
    if (status !== OK) return false;
    try {
      const version = JSON.parse(text) as Record<string, unknown>;
      return typeof version['etcdserver'] === 'string' && version['understudy'] === undefined;
    } catch {
      return false;
    }
  }

  async range(keys: Bytes | KeyRange, options: RangeFields & CallOptions = {}): Promise<RangeResult> {
    const request = rangeRequest(keys, options);
    return rangeResult(await this.ask(KVService.methods.range, request, options, 'not-applied'));
  }

  async txn(txn: TxnSpec, options: CallOptions = {}): Promise<TxnResult> {
    return txnResult(await this.ask(KVService.methods.txn, txnRequest(txn), options, 'unknown'));
  }

  /** Connections that are kept are closed. */
  async close(): Promise<void> {
    this.agent.destroy();
  }

  /** `lost` is what became of a request whose answer never came. */
  private async ask<I extends object, O extends object>(
    method: MethodDescriptor<I, O>,
    request: I,
    options: CallOptions,
    lost: Outcome,
  ): Promise<O> {
    // A token that we had may have expired, or the server was started again; one that it just gave is good.
    for (let again = this.token !== undefined; ; again = false) {
      if (this.token === undefined) await this.authenticate(options);
      try {
        return await this.call(method, request, options, lost);
      } catch (error) {
        const refused = error instanceof ClientError && error.code === 'UNAUTHENTICATED';
        if (!refused || !again) throw error;
        this.token = undefined;
      }
    }
  }

  private async authenticate(options: CallOptions): Promise<void> {
    const { auth } = this.deps;
    if (auth === undefined) return;
    const credentials = { name: auth.user, password: auth.password };
    const { token } = await this.call(AuthService.methods.authenticate, credentials, options, 'not-applied');
    this.token = token;
  }

  private async call<I extends object, O extends object>(
    method: MethodDescriptor<I, O>,
    request: I,
    options: CallOptions,
    lost: Outcome,
  ): Promise<O> {
    const path = method.http[0]?.path as string;
    const { status, text } = await this.exchange('POST', path, stringifyJson(method.input, request), options, lost);
    if (status !== OK) throw this.refusal(status, text, lost);
    try {
      return parseJson(method.output, text);
    } catch (cause) {
      throw this.failed('INTERNAL', `${path} answered something else: ${(cause as Error).message}`, lost, cause);
    }
  }

  private refusal(status: number, text: string, lost: Outcome): ClientError {
    let answer: { error?: unknown; code?: unknown } = {};
    try {
      answer = (JSON.parse(text) ?? {}) as typeof answer;
    } catch {
      // A proxy's page, or nothing.
    }
    const { error, code } = answer;
    if (typeof error !== 'string') {
      return this.failed('UNAVAILABLE', `the gateway answered with status ${status}`, lost);
    }
    const name = etcdErrorName(error);
    const known =
      name === undefined
        ? new RpcError(typeof code === 'number' ? toStatusCode(code) : StatusCode.UNKNOWN, error, { outcome: lost })
        : RpcError.from(etcdErrors[name]);
    return serverError(known, this.deps.endpoint);
  }

  private failed(code: ClientError['code'], text: string, outcome: Outcome, cause?: unknown): ClientError {
    return new ClientError(code, text, { outcome, retryable: true, endpoint: this.deps.endpoint, cause });
  }

  private exchange(
    method: 'GET' | 'POST',
    path: string,
    body: string | undefined,
    { signal, timeoutMs = this.timeoutMs }: CallOptions,
    lost: Outcome,
  ): Promise<Answer> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const ends = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
    const send = this.base.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(new URL(path, this.base), {
      method,
      agent: this.agent,
      signal: ends,
      headers: {
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...(this.token === undefined ? {} : { authorization: this.token }),
      },
    });
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void => {
        const { endpoint } = this.deps;
        if (signal?.aborted === true) {
          reject(new ClientError('CANCELLED', 'the call was aborted', { outcome: lost, endpoint, cause }));
        } else if (deadline.aborted) {
          reject(this.failed('DEADLINE_EXCEEDED', `no answer within ${timeoutMs} ms`, lost, cause));
        } else {
          reject(this.failed('UNAVAILABLE', cause.message || String((cause as { code?: string }).code), lost, cause));
        }
      };
      request.on('error', fail);
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        readText(response, this.maxAnswerBytes).then((text) => resolve({ status, text }), fail);
      });
      request.end(body);
    });
  }
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
