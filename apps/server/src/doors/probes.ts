/**
 * /health, /livez, /readyz, /version and /metrics. Live means that the process works; ready, that a write or a
 * linearizable read would be served from here now.
 */
import type { ServerResponse } from 'node:http';
import { VERSION_REPORT } from '../version.js';
import { answer, answerJson, answerText } from './http-answer.js';

export interface Health {
  /** False after a fatal error. */
  readonly live: boolean;
  /** Why it is not ready; null when it is. */
  readonly notReady: string | null;
}

export interface ProbeSource {
  health(): Health;
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** False where the path is no probe. */
export function answerProbe(source: ProbeSource, path: string, response: ServerResponse): boolean {
  switch (path) {
    case '/health':
      answerHealth(source.health(), response);
      return true;
    case '/livez': {
      const { live } = source.health();
      answerText(response, live ? 200 : 503, live ? 'ok' : 'failed');
      return true;
    }
    case '/readyz': {
      const { live, notReady } = source.health();
      if (live && notReady === null) answerText(response, 200, 'ok');
      else answerText(response, 503, notReady ?? 'failed');
      return true;
    }
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

/** etcd's body: health is a string. */
function answerHealth(health: Health, response: ServerResponse): void {
  const healthy = health.live && health.notReady === null;
  const reason = healthy ? '' : (health.notReady ?? 'failed');
  answerJson(response, healthy ? 200 : 503, { health: String(healthy), reason });
}
