import { connect } from 'node:net';
import { encodeGrpcMessage, MaintenanceService, StatusRequest } from '@understudy/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeFields } from '../src/doors/http2/hpack-encoder.js';
import { PREFACE } from '../src/doors/http2/http2-frames.js';
import { type LoneServer, startLoneServer } from './lone-server.js';

let lone: LoneServer;
beforeAll(async () => {
  lone = await startLoneServer();
});
afterAll(() => lone.end());

function frame(type: number, flags: number, stream: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

// What etcd's own clients put there: etcdctl for status, hash, defragment, alarms and snapshots; those of 3.5.0 always.
it.each(['http://10.0.0.1:2379', 'https://[::1]:2379', '#initially=[a:2379;b:2379]', ''])(
  'serves a request whose authority is %j',
  async (authority) => {
    const { hostname, port } = new URL(lone.clientUrl);
    const socket = connect({ host: hostname, port: Number(port) });
    const headers = encodeFields({
      ':method': 'POST',
      ':scheme': 'http',
      ':path': MaintenanceService.methods.status.path,
      ':authority': authority,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const request = encodeGrpcMessage(StatusRequest, StatusRequest.create());
    socket.write(Buffer.concat([PREFACE, frame(4, 0, 0, new Uint8Array(0))]));
    socket.write(Buffer.concat([frame(1, 4, 1, headers), frame(0, 1, 1, request)]));
    const said = await new Promise<string>((resolve, reject) => {
      let text = '';
      socket.setTimeout(20_000, () => reject(new Error(`no answer, but ${text}`)));
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (/grpc-status/.test(text)) resolve(text);
      });
      socket.on('close', () => reject(new Error(`closed after ${text}`)));
    });
    socket.destroy();
    expect(said).toContain('grpc-status\x010');
  },
);
