import { once } from 'node:events';
import {
  ClientSession,
  type StandbyInstruction,
  StandbyReport,
  StandbyService,
  SUBPROTOCOL,
} from '@understudy/protocol';
import { waitUntil } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type LoneServer, startLoneServer } from './lone-server.js';

let server: LoneServer;
let machines = 0;

beforeAll(async () => {
  server = await startLoneServer(['--policy=standbySyncInterval=700ms']);
});
afterAll(() => server.end());

/** A connection of a machine, as a standby has it. */
class Machine {
  readonly registration: string;
  readonly #number: number;
  readonly #socket: WebSocket;
  readonly #session: ClientSession;
  readonly #stream: ReturnType<ClientSession['stream']>;
  readonly #heard: AsyncGenerator<StandbyInstruction>;

  constructor() {
    machines += 1;
    this.#number = machines;
    this.registration = this.#number.toString(16).padStart(16, '0');
    const socket = new WebSocket(`${server.peerUrl.replace('http', 'ws')}/standby`, SUBPROTOCOL);
    this.#socket = socket;
    this.#session = new ClientSession({
      transport: {
        send: (frame) => socket.send(frame, { binary: true }),
        schedule: (flush) => (socket.readyState === WebSocket.OPEN ? setImmediate(flush) : socket.once('open', flush)),
        fail: () => socket.terminate(),
        bufferedBytes: () => socket.bufferedAmount,
        pauseReading: () => socket.pause(),
        resumeReading: () => socket.resume(),
      },
    });
    socket.on('message', (frame) => this.#session.receive(frame as Buffer));
    socket.on('close', () => this.#session.close(new Error('closed')));
    const stream = this.#session.stream(StandbyService.methods.register);
    this.#stream = stream as unknown as ReturnType<ClientSession['stream']>;
    this.#heard = stream[Symbol.asyncIterator]();
  }

  report(more: Partial<StandbyReport> = {}): void {
    const usual = {
      registration: this.registration,
      name: `s${this.#number}`,
      peerUrls: [`http://s${this.#number}:2380`],
      minProtocol: 1,
      maxProtocol: 1,
    };
    void this.#stream.send(StandbyReport.create({ ...usual, ...more })).catch(() => undefined);
  }

  /** The next instruction; null where the stream is over. */
  async hear(): Promise<StandbyInstruction | null> {
    const { value, done } = await this.#heard.next();
    return done === true ? null : (value as StandbyInstruction);
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.terminate();
    await closed;
  }
}

interface Listed {
  readonly registration: string;
  readonly name: string;
  readonly connected?: boolean;
  readonly zone?: string;
}

async function listed(registration: string): Promise<Listed | undefined> {
  const response = await fetch(`${server.clientUrl}/understudy/v1/standby/list`, { method: 'POST', body: '{}' });
  const { standbys = [] } = (await response.json()) as { standbys?: Listed[] };
  return standbys.find((standby) => standby.registration === registration);
}

async function policy(): Promise<{ name: string; value: string }[]> {
  const response = await fetch(`${server.clientUrl}/understudy/v1/policy/get`, { method: 'POST', body: '{}' });
  return ((await response.json()) as { settings: { name: string; value: string }[] }).settings;
}

describe('the registrar of a leader', { timeout: 30_000 }, () => {
  it('registers who reports, and tells the cluster, its leader and when to report again', async () => {
    const machine = new Machine();
    machine.report();
    expect(await machine.hear()).toMatchObject({
      leader: server.server.memberId,
      members: [{ id: server.server.memberId, peerUrls: [server.peerUrl] }],
      nextCheckMs: 700,
      reserved: false,
      removal: undefined,
      activation: undefined,
    });
    expect(await listed(machine.registration)).toMatchObject({ name: `s${machines}`, connected: true });
    machine.report({ zone: 'east' });
    await waitUntil(
      'what it says now is registered',
      async () => (await listed(machine.registration))?.zone === 'east',
    );
    await machine.close();
    await waitUntil('it is not connected', async () => (await listed(machine.registration))?.connected !== true);
  });

  it('pushes a change of the policy and of the members to who says nothing', async () => {
    const machine = new Machine();
    machine.report();
    await machine.hear();
    // The first standby of a cluster fixes its size: that is told as well.
    await waitUntil('the size is fixed', async () =>
      (await policy()).some(({ name, value }) => name === 'activeSize' && value === '1'),
    );
    const set = { fields: [{ name: 'standbySyncInterval', value: '900ms' }] };
    await fetch(`${server.clientUrl}/understudy/v1/policy/set`, { method: 'POST', body: JSON.stringify(set) });
    let told = await machine.hear();
    while (told?.policy?.activeSize === 0 || told?.nextCheckMs === 700) told = await machine.hear();
    expect(told).toMatchObject({ nextCheckMs: 900, policy: { syncIntervalMs: 900, activeSize: 1 } });
    const add = { peerURLs: ['http://127.0.0.1:9'], isLearner: true };
    const added = await fetch(`${server.clientUrl}/v3/cluster/member/add`, {
      method: 'POST',
      body: JSON.stringify(add),
    });
    const { member } = (await added.json()) as { member: { ID: string } };
    expect((await machine.hear())?.members).toHaveLength(2);
    await fetch(`${server.clientUrl}/v3/cluster/member/remove`, { method: 'POST', body: JSON.stringify(member) });
    expect((await machine.hear())?.members).toHaveLength(1);
    await machine.close();
  });

  it('forgets who leaves, and says so', async () => {
    const machine = new Machine();
    machine.report();
    await machine.hear();
    machine.report({ leaving: true });
    expect((await machine.hear())?.removal).toMatchObject({ reason: 'left' });
    expect(await machine.hear()).toBeNull();
    expect(await listed(machine.registration)).toBeUndefined();
    await machine.close();
  });

  it('has one connection a machine: the last', async () => {
    const first = new Machine();
    first.report();
    await first.hear();
    const second = new Machine();
    second.report({ registration: first.registration });
    expect(await first.hear()).toBeNull();
    expect((await second.hear())?.removal).toBeUndefined();
    await Promise.all([first.close(), second.close()]);
  });

  const bad: readonly (readonly [string, Partial<StandbyReport>, RegExp])[] = [
    ['no registration', { registration: '' }, /"" is no registration/],
    ['the registration 0', { registration: '0000000000000000' }, /is no registration/],
    ['a registration beyond 2^53', { registration: 'ffffffffffffffff' }, /is no registration/],
    ['a registration that is text', { registration: '../../etc/passwd' }, /is no registration/],
    ['no peer URL', { peerUrls: [] }, /peer URLs cannot be used/],
    ['a peer URL that is none', { peerUrls: ['nonsense'] }, /peer URLs cannot be used/],
    ['a thousand URLs', { peerUrls: Array.from({ length: 1000 }, () => 'http://a:1') }, /peer URLs cannot be used/],
    ['a client URL of another scheme', { clientUrls: ['file:///etc'] }, /client URLs cannot be used/],
    ['a name without end', { name: 'x'.repeat(1000) }, /too long/],
    ['another cluster', { clusterId: 77 }, /it stands by for cluster 000000000000004d, and this is/],
    ['no protocol', { minProtocol: 0, maxProtocol: 0 }, /it speaks protocol 0 to 0/],
  ];
  it.each(bad)('refuses %s, and registers nothing', async (_what, report, text) => {
    const machine = new Machine();
    machine.report(report);
    expect((await machine.hear())?.removal).toMatchObject({ reason: 'refused', text: expect.stringMatching(text) });
    expect(await machine.hear()).toBeNull();
    expect(await listed(machine.registration)).toBeUndefined();
    await machine.close();
  });

  it('is not reached by a web page, nor without its protocol, nor on the client port', async () => {
    const refused = async (url: string, headers: Record<string, string>, protocol: string): Promise<number> => {
      const socket = new WebSocket(url, protocol, { headers });
      socket.on('error', () => undefined);
      const [, response] = await once(socket, 'unexpected-response');
      return response.statusCode;
    };
    const peer = `${server.peerUrl.replace('http', 'ws')}/standby`;
    expect(await refused(peer, { origin: 'http://evil' }, SUBPROTOCOL)).toBe(403);
    expect(await refused(peer, {}, 'another')).toBe(400);
    const response = await fetch(`${server.clientUrl}/understudy/v1/standby/register`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(501);
  });
});
