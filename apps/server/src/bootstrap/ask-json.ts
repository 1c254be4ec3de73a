/** One question over HTTP to another machine, and its answer in JSON, bounded in bytes, time and redirects. */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { DialTls } from '../doors/tls-identity.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface Question {
  readonly timeoutMs: number;
  /** For https; absent: the authorities that Node trusts, and no certificate of our own. */
  readonly tls: DialTls | undefined;
  /** Makes it a POST. */
  readonly body?: string;
  /** How many are followed; none unless said. */
  readonly redirects?: number;
}

/** Null where there is no answer of use: not listening yet, not speaking HTTP, too much, too late. Never rejects. */
export async function askJson(url: string, question: Question): Promise<unknown> {
  try {
    return await ask(new URL(url), question, AbortSignal.timeout(question.timeoutMs));
  } catch {
    return null;
  }
}

async function ask(url: URL, question: Question, signal: AbortSignal): Promise<unknown> {
  const response = await send(url, question, signal);
  const { statusCode = 0, headers } = response;
  const left = question.redirects ?? 0;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined && left > 0) {
    response.resume();
    return ask(new URL(headers.location, url), { ...question, redirects: left - 1 }, signal);
  }
  if (statusCode !== 200) {
    response.resume();
    return null;
  }
  const body = await readBounded(response);
  return body === null ? null : JSON.parse(body);
}

function send(url: URL, { body, tls }: Question, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { method: body === undefined ? 'GET' : 'POST', signal, agent: false };
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, ...tls }, resolve)
        : requestHttp(url, options, resolve);
    request.on('error', reject);
    request.end(body);
  });
}

/** Null where there is more than any cluster's members need. */
async function readBounded(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
