/**
 * Calls by method and outcome, in the names that gRPC's servers have for them, whichever door they came through. Plain
 * numbers, read when somebody asks: a call costs less than a labelled counter would.
 */
import { type MethodDescriptor, type MethodKind, StatusCode, statusName } from '@understudy/protocol';
import { Counter, Registry } from 'prom-client';

interface MethodCounts {
  started: number;
  received: number;
  sent: number;
  readonly handled: Map<number, number>;
}

/** Bytes of messages over gRPC, since the start. */
export interface GrpcBytes {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

const TYPES: Readonly<Record<MethodKind, string>> = {
  unary: 'unary',
  'client-stream': 'client_stream',
  'server-stream': 'server_stream',
  bidi: 'bidi_stream',
};
const LABELS = ['grpc_type', 'grpc_service', 'grpc_method'] as const;

export class RpcCounts {
  readonly registry = new Registry();
  readonly #methods = new Map<MethodDescriptor, MethodCounts>();

  constructor(grpcBytes: () => GrpcBytes) {
    this.#perMethod('grpc_server_started_total', 'Calls begun.', (counts) => counts.started);
    this.#perMethod('grpc_server_msg_received_total', 'Messages received.', (counts) => counts.received);
    this.#perMethod('grpc_server_msg_sent_total', 'Messages sent.', (counts) => counts.sent);
    this.#handled();
    this.#bytes(
      'etcd_network_client_grpc_received_bytes_total',
      'Bytes received over gRPC.',
      () => grpcBytes().receivedBytes,
    );
    this.#bytes('etcd_network_client_grpc_sent_bytes_total', 'Bytes sent over gRPC.', () => grpcBytes().sentBytes);
  }

  started(method: MethodDescriptor): void {
    this.#of(method).started += 1;
  }

  received(method: MethodDescriptor): void {
    this.#of(method).received += 1;
  }

  sent(method: MethodDescriptor): void {
    this.#of(method).sent += 1;
  }

  handled(method: MethodDescriptor, code: StatusCode): void {
    const { handled } = this.#of(method);
    handled.set(code, (handled.get(code) ?? 0) + 1);
  }

  /** A unary call that has ended. */
  unary(method: MethodDescriptor, code: StatusCode): void {
    const counts = this.#of(method);
    counts.started += 1;
    counts.received += 1;
    if (code === StatusCode.OK) counts.sent += 1;
    counts.handled.set(code, (counts.handled.get(code) ?? 0) + 1);
  }

  #of(method: MethodDescriptor): MethodCounts {
    const known = this.#methods.get(method);
    if (known !== undefined) return known;
    const counts: MethodCounts = { started: 0, received: 0, sent: 0, handled: new Map() };
    this.#methods.set(method, counts);
    return counts;
  }

  #perMethod(name: string, help: string, read: (counts: MethodCounts) => number): void {
    const methods = this.#methods;
    new Counter({
      name,
      help,
      labelNames: LABELS,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [method, counts] of methods) this.inc(labelsOf(method), read(counts));
      },
    });
  }

  #handled(): void {
    const methods = this.#methods;
    new Counter({
      name: 'grpc_server_handled_total',
      help: 'Calls ended, by code.',
      labelNames: [...LABELS, 'grpc_code'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [method, { handled }] of methods) {
          for (const [code, count] of handled) this.inc({ ...labelsOf(method), grpc_code: codeName(code) }, count);
        }
      },
    });
  }

  #bytes(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}

function labelsOf({ kind, service, name }: MethodDescriptor): Record<(typeof LABELS)[number], string> {
  return { grpc_type: TYPES[kind], grpc_service: service, grpc_method: name };
}

/** As Go prints them: `InvalidArgument`; it writes `Canceled` with one l. */
function codeName(code: number): string {
  if (code === StatusCode.OK) return 'OK';
  if (code === StatusCode.CANCELLED) return 'Canceled';
  return statusName(code)
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
