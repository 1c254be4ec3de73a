/** What servers hold in memory after many puts of distinct keys. */
import { TestCluster } from '@understudy/testbed';
import { measure } from './measure.js';
import { print, rounded } from './print.js';
import { QUIET } from './quiet.js';

export async function benchMemory(puts: number, valueBytes: number): Promise<void> {
  const cluster = await TestCluster.start({ flags: QUIET });
  try {
    const result = await measure(cluster, { inFlight: 256, puts, valueBytes, firstKey: 0 });
    print();
    print(`RSS after ${puts} puts of distinct keys: ${rounded(result.serverRssMb)} MB`);
  } finally {
    await cluster.stop();
  }
}
