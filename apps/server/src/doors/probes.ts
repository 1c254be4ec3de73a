/**
 * /health, /livez, /readyz, /version and /metrics. Live means that the process works; ready, that a write or a
 * linearizable read would be served from here now, which is found out by reading.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { VERSION_REPORT } from '../version.js';
import { answer, answerJson, answerText } from './http-answer.js';
import { pathOf } from './http-request.js';

export interface ProbeSource {
  /** False after a fatal error. */
  live(): boolean;
  /** Why a write or a linearizable read would not be served now; null when it would. Never rejects. */
  notReady(): Promise<string | null>;
  /** /health was asked. */
  healthAsked?(good: boolean): void;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const PATHS: ReadonlySet<string> = new Set(['/health', '/livez', '/readyz', '/version', '/metrics']);

/** False where the request is for no probe. */
export function answerProbe(source: ProbeSource, request: IncomingMessage, response: ServerResponse): boolean {
  const path = pathOf(request);
  if (!PATHS.has(path)) return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    answerText(response, 405, 'Method Not Allowed');
    return true;
  }
  switch (path) {
    case '/health':
      void readiness(source).then((reason) => {
        source.healthAsked?.(reason === null);
        answerHealth(reason, response);
      });
      return true;
    case '/livez':
      if (source.live()) answerText(response, 200, 'ok');
      else answerText(response, 503, 'failed');
      return true;
    case '/readyz':
      void readiness(source).then((reason) => answerText(response, reason === null ? 200 : 503, reason ?? 'ok'));
      return true;
    case '/version':
      answerJson(response, 200, VERSION_REPORT);
      return true;
    case '/metrics':
      source.metrics().then(
        ({ contentType, text }) => answer(response, 200, contentType, text),
        (error: Error) => answerText(response, 500, error.message),
      );
      return true;
    default:
      return false;
  }
}

async function readiness(source: ProbeSource): Promise<string | null> {
  return source.live() ? source.notReady() : 'failed';
}

/** etcd's body: health is a string. Where it is good there is nothing else, since scripts compare all of it. */
function answerHealth(reason: string | null, response: ServerResponse): void {
  if (reason === null) answerJson(response, 200, { health: 'true' });
  else answerJson(response, 503, { health: 'false', reason });
}
