import { once } from 'node:events';
import { createServer } from 'node:http';
import { WsTransport } from '@understudy/transport-ws';

async function member(memberId: number, port: number, otherId: number, otherPort: number): Promise<WsTransport> {
  const transport = new WsTransport({
    identity: { clusterId: 1, memberId, directoryId: `disk-${memberId}`, bootCount: 1 },
    admit: ({ memberId: id }) => (id === otherId ? { ok: true } : { ok: false, reason: 'unknown-member' }),
  });
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    if (!transport.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  transport.start({
    onConnected: (peer, lane) => void transport.send(peer, lane, Buffer.from(`hello on ${lane}`)),
    onFrame: (from, lane, frame) => console.log(`${memberId} heard from ${from}: ${Buffer.from(frame)} (${lane})`),
    onDisconnected: (peer, lane, cause) => console.log(`${memberId} lost ${lane} of ${peer}: ${cause}`),
    onPeerDead: (peer) => console.log(`the process of ${peer} is gone`),
    onSnapshot: async () => Promise.reject(new Error('not today')),
  });
  transport.setPeers([{ id: otherId, urls: [`http://127.0.0.1:${otherPort}`] }]);
  return transport;
}

await member(1, 23801, 2, 23802);
await member(2, 23802, 1, 23801);
