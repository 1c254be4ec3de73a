/** The JSON gateway against that of a real etcd: the same requests to both, the answers equal byte by byte. */
import { TestCluster } from '@understudy/testbed';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXCHANGES, type Exchange } from '../../src/gateway/exchanges.js';
import { type Answer, normalised, play } from '../../src/gateway/play.js';
import { etcdIsInstalled } from '../fuzzing.js';

const title = ({ method = 'POST', path, body }: Exchange): string => `${method} ${path} ${body.slice(0, 80)}`;

describe.skipIf(!etcdIsInstalled())('the JSON gateway answers as a real etcd does', () => {
  let clusters: TestCluster[] = [];

  beforeAll(async () => {
    clusters = await Promise.all([
      TestCluster.start({ kind: 'etcd', voters: 1 }),
      TestCluster.start({ kind: 'understudy', voters: 1 }),
    ]);
  }, 180_000);

  afterAll(() => Promise.all(clusters.map((cluster) => cluster.stop())));

  // In order: each is asked on what those before it have left.
  test.each(EXCHANGES.map((exchange) => [title(exchange), exchange] as const))('%s', async (_title, exchange) => {
    const answers = clusters.map(({ endpoints: [endpoint] }) => play(endpoint as string, exchange));
    const [expected, actual] = (await Promise.all(answers)).map(normalised) as [Answer, Answer];
    if (exchange.differs === undefined) {
      expect(actual).toEqual(expected);
      return;
    }
    // One that does not differ any more is to be taken off the list.
    expect(actual).not.toEqual(expected);
    for (const part of exchange.differs.same) expect(partOf(actual, part)).toEqual(partOf(expected, part));
  });

  test('at least 60 of them are equal to the last byte', () => {
    expect(EXCHANGES.filter(({ differs }) => differs === undefined).length).toBeGreaterThanOrEqual(60);
  });
});

function partOf(answer: Answer, part: 'status' | 'contentType' | 'code'): unknown {
  return part === 'code' ? (JSON.parse(answer.body) as { code: number }).code : answer[part];
}
