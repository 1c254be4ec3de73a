// A cluster of fake members on real sockets: real WebSockets, the real framing, one shared store instead of a log. Tests
// choose the leader, turn members into learners, kill and restart them, and put their own answers before the real ones.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Member, type MethodDescriptor, type ServerCall, ServerSession, SUBPROTOCOL } from '@understudy/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { FakeServices } from './fake-services.js';
import { FakeStore } from './fake-store.js';

/** Answers a call itself and returns true, or leaves it to the fake member. */
export type Interceptor = (method: MethodDescriptor, call: ServerCall, request: Uint8Array) => boolean;

export class FakeMember {
  readonly id: number;
  readonly name: string;
  isLearner = false;
  /** A learner that serves linearizable reads. */
  isReader = false;
  /** A standby: it answers the handshake with HTTP 307 to this place. */
  redirectTo: string | undefined = undefined;
  /** Names of the methods it was called with. */
  readonly calls: string[] = [];
  intercept: Interceptor | undefined = undefined;
  /** Sends the events of a revision one by one, as fragments; `break` loses the connection after the first, once. */
  fragmenting: 'whole' | 'break' | undefined = undefined;
  port = 0;
  connections = 0;
  /** WebSocket messages that came in. */
  frames = 0;
  private readonly cluster: FakeCluster;
  private readonly sockets = new Map<WebSocket, ServerSession>();
  private server: Server | undefined = undefined;

  constructor(cluster: FakeCluster, id: number) {
    this.cluster = cluster;
    this.id = id;
    this.name = `m${id}`;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Connections there are now. */
  get open(): number {
    return this.sockets.size;
  }

  get running(): boolean {
    return this.server !== undefined;
  }

  /** Listens, on the port it had before. */
  async start(): Promise<void> {
    const wss = new WebSocketServer({
      noServer: true,
      handleProtocols: () => SUBPROTOCOL,
      maxPayload: 4 * 1024 * 1024,
    });
    const server = createServer();
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.redirectTo !== undefined) {
        socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${this.redirectTo}\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      wss.handleUpgrade(request, socket, head, (ws) => this.serve(ws));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Gone at once, as a killed process is: sockets are reset and nobody listens. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.disconnect();
    await new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
  }

  /** Breaks every connection; new ones are taken. */
  disconnect(): void {
    for (const socket of this.sockets.keys()) socket.terminate();
  }

  /** Calls of a method so far. */
  countOf(method: string): number {
    return this.calls.filter((name) => name === method).length;
  }

  goaway(): void {
    for (const session of this.sockets.values()) session.goaway('stopping');
  }

  /** Stops answering, without closing anything. */
  freeze(): void {
    for (const socket of this.sockets.keys()) socket.pause();
  }

  describe(): Member {
    const clientUrls = [`http://${this.endpoint}`];
    return {
      id: this.id,
      name: this.name,
      peerUrls: [`http://127.0.0.1:${this.id}`],
      clientUrls,
      isLearner: this.isLearner,
    };
  }

  private serve(ws: WebSocket): void {
    this.connections += 1;
    const services = new FakeServices(this.cluster, this);
    const session = new ServerSession(
      {
        transport: {
          send: (frame) => ws.send(frame, { binary: true }, () => session.drained()),
          schedule: (flush) => void setImmediate(flush),
          fail: () => ws.terminate(),
          bufferedBytes: () => ws.bufferedAmount,
          pauseReading: () => ws.pause(),
          resumeReading: () => ws.resume(),
        },
        handler: services,
      },
      { memberId: this.id, clusterId: this.cluster.id },
    );
    this.sockets.set(ws, session);
    ws.on('message', (data) => {
      this.frames += 1;
      session.receive(data as Buffer);
    });
    ws.on('error', () => {});
    ws.on('close', () => {
      this.sockets.delete(ws);
      session.close();
    });
  }
}

export class FakeCluster implements AsyncDisposable {
  readonly id = 0xc1;
  readonly store = new FakeStore();
  readonly members: FakeMember[];
  term = 2;
  /** undefined: nobody leads. */
  leader: FakeMember | undefined;
  /** Members that were added by a call and never run. */
  readonly unstarted: Member[] = [];

  private constructor(count: number) {
    this.members = Array.from({ length: count }, (_, index) => new FakeMember(this, 0xa1 + index));
    this.leader = this.members[0];
  }

  static async start(count = 1): Promise<FakeCluster> {
    const cluster = new FakeCluster(count);
    await Promise.all(cluster.members.map((member) => member.start()));
    return cluster;
  }

  get endpoints(): string[] {
    return this.members.map((member) => member.endpoint);
  }

  member(index: number): FakeMember {
    return this.members[index] as FakeMember;
  }

  elect(member: FakeMember | undefined): void {
    this.leader = member;
    this.term += 1;
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
