import { crc32c, openLevelStore } from '@understudy/store';
import { completed, readRange } from '@understudy/store/testing';

export async function example(directory: string): Promise<string[]> {
  const store = await openLevelStore(directory, { cacheBytes: 1024 * 1024 });
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  const value = bytes('warden');
  await completed((done) => store.batch([{ type: 'put', key: bytes('role/7'), value }], { sync: true }, done));

  const read = store.getSync(bytes('role/7')) ?? new Uint8Array();
  const intact = crc32c(read) === crc32c(value);
  const records = await readRange(store, { gte: bytes('role/'), lt: bytes('role0') });

  await completed((done) => store.close(done));
  return [intact ? 'intact' : 'damaged', ...records.map(({ key }) => new TextDecoder().decode(key))];
}
