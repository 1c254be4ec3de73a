import { ClientSession, KVService, PutRequest, PutResponse, ResponseHeader, ServerSession } from '@understudy/protocol';

const { put } = KVService.methods;
const schedule = setImmediate;
const fail = console.error;

// Two ends of one connection; `send` would be a WebSocket's, and its binary messages would go to `receive`.
const client: ClientSession = new ClientSession({
  transport: { send: (frame) => server.receive(frame), schedule, fail },
});
const server = new ServerSession(
  {
    transport: { send: (frame) => client.receive(frame), schedule, fail },
    handler: {
      unary(method, request, call) {
        const { key } = PutRequest.decode(request);
        console.log(`${method.path} ${Buffer.from(key)}`);
        call.respond(PutResponse.create({ header: ResponseHeader.create({ revision: 2 }) }));
      },
      open: (_method, stream) => stream.end(),
    },
  },
  { memberId: 1, clusterId: 1 },
);

const answer = await client.unary(put, PutRequest.create({ key: Buffer.from('stage'), value: Buffer.from('left') }));
console.log(`revision ${answer.header?.revision}`);
