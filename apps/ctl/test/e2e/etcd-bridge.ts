// A real etcd behind the native protocol: each call goes to its JSON gateway. So the tool can be compared with etcdctl,
// word for word, on one and the same store. Ids above 2^53, which etcd has, saturate on the way.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  etcdErrorName,
  etcdErrors,
  fromJson,
  type MethodDescriptor,
  parseJson,
  RpcError,
  type ServerCall,
  type ServerHandler,
  ServerSession,
  type ServerStream,
  SUBPROTOCOL,
  stringifyJson,
  StatusCode,
  toStatusCode,
} from '@understudy/protocol';
import { WebSocketServer } from '../../../../packages/client/test/fake/web-socket-server.js';
import { freePorts } from '@understudy/testbed';

export class EtcdBridge implements ServerHandler, AsyncDisposable {
  /** Where etcdctl goes. */
  readonly etcd: string;
  /** Where the tool goes. */
  readonly bridge: string;
  private readonly child: ChildProcess;
  private readonly directory: string;
  private readonly server: WebSocketServer;

  private constructor(child: ChildProcess, directory: string, etcdPort: number, bridgePort: number) {
    this.child = child;
    this.directory = directory;
    this.etcd = `127.0.0.1:${etcdPort}`;
    this.bridge = `127.0.0.1:${bridgePort}`;
    this.server = new WebSocketServer({ host: '127.0.0.1', port: bridgePort, handleProtocols: () => SUBPROTOCOL });
    this.server.on('connection', (ws) => {
      const transport = {
        send: (frame: Uint8Array) => ws.send(frame),
        schedule: (flush: () => void) => void setImmediate(flush),
        fail: () => ws.terminate(),
      };
      const session = new ServerSession({ transport, handler: this }, { memberId: 1, clusterId: 1 });
      ws.on('message', (data) => session.receive(data as Buffer));
      ws.on('close', () => session.close());
    });
  }

  static async start(): Promise<EtcdBridge> {
    const directory = mkdtempSync(join(tmpdir(), 'understudyctl-etcd-'));
    const [client, peer, bridge] = (await freePorts(3)) as [number, number, number];
    const urls = { client: `http://127.0.0.1:${client}`, peer: `http://127.0.0.1:${peer}` };
    const child = spawn('etcd', [
      '--name=n1',
      `--data-dir=${directory}`,
      `--listen-client-urls=${urls.client}`,
      `--advertise-client-urls=${urls.client}`,
      `--listen-peer-urls=${urls.peer}`,
      `--initial-advertise-peer-urls=${urls.peer}`,
      `--initial-cluster=n1=${urls.peer}`,
      '--log-level=error',
    ]);
    const started = new EtcdBridge(child, directory, client, bridge);
    const endMs = performance.now() + 20_000;
    while ((await fetch(`${urls.client}/health`).catch(() => undefined))?.ok !== true) {
      if (performance.now() > endMs) throw new Error('etcd does not start');
      await delay(50);
    }
    return started;
  }

  unary(method: MethodDescriptor, request: Uint8Array, call: ServerCall): void {
    this.ask(method, request).then(
      async (response) => call.respond(parseJson(method.output, await response.text())),
      (error: unknown) => call.fail(error as RpcError),
    );
  }

  open(method: MethodDescriptor, stream: ServerStream): void {
    stream.onMessage = (request) => void this.relay(method, request, stream);
  }

  private async ask(method: MethodDescriptor, request: Uint8Array): Promise<Response> {
    const body = stringifyJson(method.input, method.input.decode(request));
    const response = await fetch(`http://${this.etcd}${method.http[0]?.path}`, { method: 'POST', body });
    if (response.ok) return response;
    // A path that its gateway does not have.
    if (response.status === 404 && response.headers.get('content-type')?.includes('json') !== true) {
      throw new RpcError(StatusCode.UNIMPLEMENTED, `etcd has no ${method.path}`);
    }
    const { error, code } = (await response.json()) as { error: string; code: number };
    const name = etcdErrorName(error);
    throw name === undefined ? new RpcError(toStatusCode(code), error) : RpcError.from(etcdErrors[name]);
  }

  // The gateway answers a stream with one JSON object a line.
  private async relay(method: MethodDescriptor, request: Uint8Array, stream: ServerStream): Promise<void> {
    const response = await this.ask(method, request);
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const lines = (rest + Buffer.from(chunk as Uint8Array).toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        stream.send(fromJson(method.output, (JSON.parse(line) as { result: object }).result));
      }
    }
  }

  async close(): Promise<void> {
    this.server.close();
    for (const client of this.server.clients) client.terminate();
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
