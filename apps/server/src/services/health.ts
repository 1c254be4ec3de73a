/** grpc.health.v1.Health: whether a write or a linearizable read would be served from here now, as /readyz says it. */
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  HealthService,
  RpcError,
  ServingStatus,
  services,
  StatusCode,
} from '@understudy/protocol';
import type { ServiceTableBuilder, TypedStreamHandler } from './rpc.js';

/** How often a watch of health looks. */
const LOOK_INTERVAL_MS = 1000;
const KNOWN: ReadonlySet<string> = new Set(['', ...services.map(({ typeName }) => typeName)]);

/** `notReady` is why not; null: ready. Never rejects. */
export function addHealthService(table: ServiceTableBuilder, notReady: () => Promise<string | null>): void {
  const { check, watch } = HealthService.methods;
  const status = async (): Promise<ServingStatus> =>
    (await notReady()) === null ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  table.add(check, async ({ service }) => {
    if (!KNOWN.has(service)) throw new RpcError(StatusCode.NOT_FOUND, `unknown service ${service.slice(0, 200)}`);
    return { status: await status() };
  });
  table.addStream(watch, (sink) => new HealthWatch(sink, status));
}

interface Sink {
  send(message: HealthCheckResponse): boolean;
}

class HealthWatch implements TypedStreamHandler<HealthCheckRequest> {
  readonly #sink: Sink;
  readonly #status: () => Promise<ServingStatus>;
  #told: ServingStatus | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(sink: Sink, status: () => Promise<ServingStatus>) {
    this.#sink = sink;
    this.#status = status;
  }

  onMessage({ service }: HealthCheckRequest): void {
    if (!KNOWN.has(service)) {
      this.#sink.send({ status: ServingStatus.SERVICE_UNKNOWN });
      return;
    }
    this.#timer ??= setInterval(() => void this.#look(), LOOK_INTERVAL_MS);
    void this.#look();
  }

  onDrain(): void {
    // One message a change is nothing to hold back.
  }

  onHalfClose(): void {
    // It asks once, and listens.
  }

  onClose(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    const status = await this.#status();
    if (status === this.#told || this.#timer === null) return;
    this.#told = status;
    this.#sink.send({ status });
  }
}
