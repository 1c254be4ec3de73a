/** Member 2 as a process of its own: prints its port, then lives until it is killed. Started by death.test.ts. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WsTransport } from '../src/index.js';

const otherUrl = process.argv[2] as string;
const transport = new WsTransport(
  {
    identity: { clusterId: 77, memberId: Number(process.argv[3]), directoryId: 'child', bootCount: 1 },
    admit: () => ({ ok: true }),
  },
  { backoffMinMs: 10, backoffMaxMs: 100 },
);
const server = createServer();
server.on('upgrade', (request, socket, head) => {
  if (!transport.handleUpgrade(request, socket, head)) socket.destroy();
});
transport.start({
  onFrame: (from, lane, frame) => {
    transport.send(from, lane, frame);
  },
  onSnapshot: async () => {},
  onConnected: () => {},
  onDisconnected: () => {},
  onPeerDead: () => {},
});
server.listen(Number(process.argv[4]), '127.0.0.1', () => {
  transport.setPeers([{ id: Number(process.argv[5]), urls: [otherUrl] }]);
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
