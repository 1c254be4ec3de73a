import { EntryType } from '@understudy/raft-core';
import { completed } from '@understudy/store/testing';
import { WalLevel } from '@understudy/wal-level';

export async function example(directory: string): Promise<string> {
  const identity = { memberId: 0x5eed, clusterId: 0xc0ffee };
  const log = await WalLevel.open({ directory }, { identity });

  const data = new TextEncoder().encode('to be, or not to be');
  const entries = [{ term: 1, index: 1, type: EntryType.Normal, data }];
  const hardState = { term: 1, vote: identity.memberId, commit: 0 };
  await completed((done) => log.append({ entries, hardState, snapshot: null, mustSync: true }, done));
  await completed((done) => log.close(done));

  const again = await WalLevel.open({ directory });
  const found = again.entries(again.firstIndex(), again.lastIndex() + 1, 1024 * 1024);
  await completed((done) => again.close(done));
  return typeof found === 'string' ? found : `boot ${again.bootCount}: ${new TextDecoder().decode(found[0]?.data)}`;
}
