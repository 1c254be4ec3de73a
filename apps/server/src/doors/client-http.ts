/** HTTP/1.1 on the client port: the host guard first, then probes, then the JSON gateway; all else is 404. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostGuard } from './host-guard.js';
import { answerText } from './http-answer.js';
import type { JsonGateway } from './json-gateway.js';
import { pathOf } from './http-request.js';
import { answerProbe, type ProbeSource } from './probes.js';

export class ClientHttp {
  readonly #guard: HostGuard;
  readonly #probes: ProbeSource;
  readonly #gateway: JsonGateway;

  constructor(guard: HostGuard, probes: ProbeSource, gateway: JsonGateway) {
    this.#guard = guard;
    this.#probes = probes;
    this.#gateway = gateway;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const { host, origin } = request.headers;
    const verdict = this.#guard.check(host, origin);
    if (!verdict.ok) {
      request.resume();
      answerText(response, 403, verdict.text);
      return;
    }
    const allowed = this.#guard.allowedOrigin(origin, host);
    if (allowed !== null) {
      response.setHeader('access-control-allow-origin', allowed);
      response.setHeader('vary', 'Origin');
      if (request.method === 'OPTIONS') {
        request.resume();
        response.writeHead(204, {
          'access-control-allow-methods': 'POST, GET, OPTIONS',
          'access-control-allow-headers': 'content-type, authorization',
          'access-control-max-age': '600',
        });
        response.end();
        return;
      }
    }
    if (answerProbe(this.#probes, request, response)) {
      request.resume();
      return;
    }
    const path = pathOf(request);
    if (this.#gateway.handle(path, request, response)) return;
    request.resume();
    // As etcd: its gateway has other words than its port.
    answerText(response, 404, /^\/v3(?:beta)?\//.test(path) ? 'Not Found' : '404 page not found');
  }
}
