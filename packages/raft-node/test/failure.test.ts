import { expect, test } from 'vitest';
import { RaftNode } from '../src/index.js';
import { ListDisk, ListMachine, MemoryDisk, MemoryHub, MemoryLog } from '../src/testing/index.js';

const defer = (run: () => void): void => void setImmediate(run);

class BrokenMachine extends ListMachine {
  override applyConfChange(): void {
    throw new Error('boom');
  }
}

test('a member that fails in its first turn says so to whoever asks, also before anybody could listen', async () => {
  const hub = new MemoryHub({ defer });
  const node = await RaftNode.start(
    {
      log: new MemoryLog(new MemoryDisk(), { defer }),
      transport: hub.transport(1),
      stateMachine: new BrokenMachine(new ListDisk(), defer),
    },
    { id: 1, bootstrap: { members: [{ id: 1 }] } },
  );
  let told = false;
  node.on('fatal', () => {
    told = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toBe(false);
  expect(node.failure).toMatchObject({ code: 'failed', cause: expect.objectContaining({ message: 'boom' }) });
  await node.stop();
});

test('a member that works, and one that was stopped in order, have no failure', async () => {
  const hub = new MemoryHub({ defer });
  const node = await RaftNode.start(
    {
      log: new MemoryLog(new MemoryDisk(), { defer }),
      transport: hub.transport(1),
      stateMachine: new ListMachine(new ListDisk(), defer),
    },
    { id: 1, bootstrap: { members: [{ id: 1 }] } },
  );
  expect(node.failure).toBeNull();
  await node.stop();
  expect(node.failure).toBeNull();
});
