import { expect, test } from 'vitest';
import { RaftNode } from '../src/index.js';
import { ListDisk, ListMachine, MemoryDisk, MemoryHub, MemoryLog, transportCases } from '../src/testing/index.js';
import type { Transport } from '../src/transport.js';

const defer = (run: () => void) => {
  setImmediate(run);
};

for (const { title, run } of transportCases) {
  test(`in memory: ${title}`, () =>
    run({
      cluster: async (ids) => {
        const hub = new MemoryHub({ defer });
        const transports = new Map<number, Transport>(ids.map((id) => [id, hub.transport(id)]));
        return {
          transport: (id) => transports.get(id) as Transport,
          address: (id) => ({ id, urls: [] }),
          close: async () => {
            for (const transport of transports.values()) await transport.stop();
          },
        };
      },
    }));
}

test('a cluster of nodes runs in memory, without disks and sockets', async () => {
  const hub = new MemoryHub({ defer });
  const bootstrap = { members: [1, 2, 3].map((id) => ({ id })) };
  const nodes = await Promise.all(
    [1, 2, 3].map((id) =>
      RaftNode.start(
        {
          log: new MemoryLog(new MemoryDisk(), { defer }),
          transport: hub.transport(id),
          stateMachine: new ListMachine(new ListDisk(), defer),
        },
        { id, bootstrap, heartbeatIntervalMs: 10, electionTimeoutMs: 100 },
      ),
    ),
  );
  const led = new Promise((resolve) => nodes[0]?.on('leader-change', ({ leader }) => leader !== 0 && resolve(leader)));
  for (const node of nodes) node.setPeerAddresses(bootstrap.members.map(({ id }) => ({ id, urls: [] })));
  await led;
  expect(await nodes[0]?.propose(Buffer.from('x'))).toBe(1);
  expect(await nodes[0]?.readBarrier()).toBeGreaterThan(3);
  await Promise.all(nodes.map((node) => node.stop()));
});
