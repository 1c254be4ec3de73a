import { createServer } from 'node:http';
import { join } from 'node:path';
import { FileStateMachine, RaftNode } from '@understudy/raft-node';
import { WsTransport } from '@understudy/transport-ws';
import { WalLevel } from '@understudy/wal-level';

/** A counter that survives the loss of any minority of its members. Member i listens on the i-th of `urls`. */
export async function startCounter(id: number, urls: readonly string[], directory: string) {
  let count = 0;
  const stateMachine = await FileStateMachine.open(
    {
      apply: ({ data }) => (count += data[0] ?? 0),
      serialize: () => Buffer.from(String(count)),
      restore: (bytes) => (count = Number(Buffer.from(bytes).toString())),
    },
    { directory: join(directory, 'state') },
  );
  const log = await WalLevel.open({ directory: join(directory, 'log') }, { identity: { memberId: id, clusterId: 1 } });
  const transport = new WsTransport({ identity: log.identity, admit: () => ({ ok: true }) });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => transport.handleUpgrade(request, socket, head) || socket.destroy());
  await new Promise<void>((resolve) => server.listen(Number(new URL(urls[id - 1] ?? '').port), '127.0.0.1', resolve));

  const members = urls.map((url, position) => ({ id: position + 1, urls: [url] }));
  const node = await RaftNode.start({ log, transport, stateMachine }, { id, bootstrap: { members } });
  node.setPeerAddresses(members);
  return {
    node,
    add: (amount: number) => node.propose(Uint8Array.of(amount)),
    read: () => node.readBarrier().then(() => count),
    stop: () => node.stop({ handOver: true }).then(() => server.close()),
  };
}
