/** Machines that are given the same flags: the first of them become the voters of a new cluster, the rest stand by. */
import { freePorts, TestCluster, type TestMember } from '@understudy/testbed';

export interface EqualMachines {
  readonly cluster: TestCluster;
  readonly machines: readonly TestMember[];
}

/** m1, m2, ...; none is started. */
export async function equalMachines(
  count: number,
  expected: number,
  policy: string,
  more: readonly string[] = [],
): Promise<EqualMachines> {
  const cluster = await TestCluster.prepare({ voters: 0, flags: [`--policy=${policy}`, ...more] });
  const ports = await freePorts(2 * count);
  const peers = Array.from({ length: count }, (_, number) => `http://127.0.0.1:${ports[2 * number]}`);
  const flags = [`--join=${peers.join(',')}`, `--bootstrap-expect=${expected}`];
  const machines = peers.map((peerUrl, number) =>
    cluster.addMachine(`m${number + 1}`, `http://127.0.0.1:${ports[2 * number + 1]}`, peerUrl, flags),
  );
  return { cluster, machines };
}

/** Any order will do, and another one each time. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
