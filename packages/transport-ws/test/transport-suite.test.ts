import { transportCases } from '@understudy/raft-node/testing';
import { afterEach, test } from 'vitest';
import { closeMembers, member } from './cluster.js';

afterEach(closeMembers);

for (const { title, run } of transportCases) {
  test(title, () =>
    run({
      cluster: async (ids) => {
        const members = await Promise.all(ids.map((id) => member(id, { start: false })));
        const find = (id: number) => {
          const found = members.find((each) => each.id === id);
          if (found === undefined) throw new Error(`no member ${id}`);
          return found;
        };
        return {
          transport: (id) => find(id).transport,
          address: (id) => find(id).address,
          close: async () => {
            await Promise.all(members.map((each) => each.close()));
          },
        };
      },
    }),
  );
}
