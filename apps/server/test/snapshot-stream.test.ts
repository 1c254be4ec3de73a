import { describe, expect, it } from 'vitest';
import { encodeRecords, RecordDecoder } from '../src/state/snapshot-stream.js';
import { MemoryStore } from '@understudy/store/testing';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function encoded(): Promise<Uint8Array> {
  const store = new MemoryStore();
  const writes = ['a', 'bb', 'ccc'].map((key) => ({
    type: 'put' as const,
    key: bytes(key),
    value: bytes(key.repeat(40)),
  }));
  await new Promise<void>((resolve) => store.batch(writes, { sync: true }, () => resolve()));
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeRecords(store.cursor({}), new AbortController().signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('snapshot stream', () => {
  it('gives the records back however the stream is cut', async () => {
    const stream = await encoded();
    for (const size of [1, 3, 7, 1000]) {
      const decoder = new RecordDecoder();
      const keys: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        for (const record of decoder.push(stream.subarray(at, at + size)))
          keys.push(new TextDecoder().decode(record.key));
      }
      decoder.end();
      expect(keys).toEqual(['a', 'bb', 'ccc']);
    }
  });

  it('calls a cut stream an error', async () => {
    const stream = await encoded();
    const decoder = new RecordDecoder();
    decoder.push(stream.subarray(0, stream.length - 1));
    expect(() => decoder.end()).toThrow(/ends within a record/);
    expect(() => new RecordDecoder().end()).toThrow(/ends within a record/);
  });

  it('refuses another version and absurd lengths', () => {
    expect(() => new RecordDecoder().push(new Uint8Array([9]))).toThrow(/version 9/);
    expect(() => new RecordDecoder().push(Buffer.from([1, 0, 0, 0, 0, 255, 255, 255, 255]))).toThrow(/a record of/);
  });
});
