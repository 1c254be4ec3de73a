/** What an HTTP/1.1 request says: its path, and its body, whole or line by line, bounded in bytes and in time. */
import type { IncomingMessage } from 'node:http';
import { etcdErrors, RpcError, StatusCode } from '@understudy/protocol';
import { failure } from '../services/failures.js';

/** A body that is one message arrives within this time. */
const BODY_TIMEOUT_MS = 60_000;

/** Without the query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] as string;
}

/** Rejects with an RpcError. What comes after a refusal is thrown away as it arrives. */
export function readBody(request: IncomingMessage, maxBytes: number, timeoutMs = BODY_TIMEOUT_MS): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const late = setTimeout(() => refuse(cancelled(`the body took longer than ${timeoutMs} ms`)), timeoutMs);
    const refuse = (error: RpcError): void => {
      clearTimeout(late);
      chunks.length = 0;
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) refuse(failure(etcdErrors.requestTooLarge));
      else chunks.push(chunk);
    });
    request.on('end', () => {
      clearTimeout(late);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    request.on('error', () => refuse(cancelled('the request was cut off')));
    request.on('close', () => refuse(cancelled('the request was cut off')));
  });
}

function cancelled(text: string): RpcError {
  return new RpcError(StatusCode.CANCELLED, text, { outcome: 'not-applied' });
}

export interface LineReader {
  /** False: no more lines are wanted. */
  onLine(text: string): boolean;
  /** The body is over; not told once a line was refused. */
  onEnd(): void;
  /** A line of more than the limit. */
  onTooLong(): void;
}

/** Lines that say something; the last one needs no end. */
export function readLines(request: IncomingMessage, maxBytes: number, reader: LineReader): void {
  let rest = '';
  let wanted = true;
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    if (!wanted) return;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    if (rest.length > maxBytes || lines.some((line) => line.length > maxBytes)) {
      wanted = false;
      rest = '';
      reader.onTooLong();
      return;
    }
    wanted = lines.every((line) => line.trim() === '' || reader.onLine(line));
  });
  request.on('end', () => {
    if (!wanted) return;
    if (rest.trim() === '' || reader.onLine(rest)) reader.onEnd();
  });
}
