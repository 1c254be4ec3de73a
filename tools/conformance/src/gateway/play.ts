/** Sends an exchange as it is written and takes the answer as it comes: status, what it calls itself, every byte. */
import { request } from 'node:http';
import type { Exchange } from './exchanges.js';

export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

const TIMEOUT_MS = 60_000;

export function play(endpoint: string, exchange: Exchange): Promise<Answer> {
  const { method = 'POST', path, body, headers = {}, lines } = exchange;
  return new Promise((resolve, reject) => {
    const sent = request(`${endpoint}${path}`, {
      method,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    sent.setTimeout(TIMEOUT_MS, () => sent.destroy(new Error(`no whole answer to ${path} within ${TIMEOUT_MS} ms`)));
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      const end = (): void => {
        resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'], body: text });
        sent.destroy();
      };
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (lines !== undefined && text.split('\n').length > lines) end();
      });
      response.once('end', end);
      response.once('error', reject);
    });
    sent.end(body);
  });
}

/** Ids, terms and clocks differ from server to server. */
export function normalised({ status, contentType, body }: Answer): Answer {
  const text = body
    .replace(/"(cluster_id|member_id|raft_term)":"\d+"/g, '"$1":"…"')
    .replace(/"TTL":"(?:59\d|600)"/g, '"TTL":"…"');
  return { status, contentType, body: text };
}
