/** What a load process puts with: our own client, or the leanest gRPC client, which etcd is loaded with too. */
import { Client } from '@understudy/client';
import { PutRequest } from '@understudy/protocol';
import { RawGrpcClient } from './raw-grpc.js';

export interface Putter {
  put(key: string, value: Uint8Array, done: (error: unknown) => void): void;
  close(): Promise<void>;
}

/** @param door `native` goes to all endpoints by the client's choice, `grpc` to the first alone. */
export async function openPutter(door: string, endpoints: readonly string[]): Promise<Putter> {
  if (door === 'native') {
    const client = new Client({ endpoints });
    return {
      put: (key, value, done) => {
        client.put(key, value).then(() => done(null), done);
      },
      close: () => client.close(),
    };
  }
  const { hostname, port } = new URL(endpoints[0] as string);
  const client = await RawGrpcClient.open(hostname, Number(port), '/etcdserverpb.KV/Put');
  const encoder = new TextEncoder();
  return {
    put: (key, value, done) => {
      client.call(PutRequest.encode(PutRequest.create({ key: encoder.encode(key), value })), done);
    },
    close: async () => client.close(),
  };
}
