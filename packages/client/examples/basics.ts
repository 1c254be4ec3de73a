import { Client, compare, op } from '@understudy/client';

const client = new Client({ endpoints: ['127.0.0.1:2379'] });

await client.put('config/theme', 'dark');
const { kv } = await client.get('config/theme');
console.log(kv?.text(), kv?.modRevision);

const watcher = client.watch({ prefix: 'config/' });
await watcher.started;
await client.put('config/theme', 'light', { retry: 'at-least-once' });
for await (const event of watcher) {
  console.log(event.type, event.kv.keyText(), event.kv.text());
  break;
}

const lease = await client.lease.grant(10);
const keeper = client.lease.keepAlive(lease.id, { ttl: lease.ttl });
keeper.on('lost', (error) => console.error('step down:', error.message));
const { succeeded } = await client
  .txn()
  .when(compare.version('leader', '=', 0))
  .do(op.put('leader', 'me', { lease: lease.id }))
  .commit();
console.log(succeeded ? 'elected' : 'somebody else leads');

await client.close();
