import { describe, expect, it } from 'vitest';
import { encodeRecords, RecordDecoder } from '../src/state/snapshot-stream.js';
import type { StoreRecord } from '@understudy/store';
import { MemoryStore } from '@understudy/store/testing';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const KEYS = ['a', 'bb', 'ccc'];

async function encoded(keys: readonly string[] = KEYS): Promise<Uint8Array> {
  const store = new MemoryStore();
  const writes = keys.map((key) => ({ type: 'put' as const, key: bytes(key), value: bytes(key.repeat(40)) }));
  await new Promise<void>((resolve) => store.batch(writes, { sync: true }, () => resolve()));
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeRecords(store.cursor({}), new AbortController().signal))
    chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

const texts = ({ key, value }: StoreRecord): string[] => [key, value].map((part) => new TextDecoder().decode(part));

describe('snapshot stream', () => {
  it('gives the records back however the stream is cut', async () => {
    const stream = await encoded();
    for (const size of [1, 3, 7, 1000]) {
      const decoder = new RecordDecoder();
      const records: StoreRecord[] = [];
      for (let at = 0; at < stream.length; at += size) records.push(...decoder.push(stream.subarray(at, at + size)));
      decoder.end();
      expect(records.map(texts)).toEqual(KEYS.map((key) => [key, key.repeat(40)]));
    }
  });

  it('writes all chunks into the same memory, however many there are', async () => {
    const keys = Array.from({ length: 2000 }, (_, i) => `key${String(i).padStart(5, '0')}`);
    const stream = await encoded(keys);
    const records = new RecordDecoder().push(stream);
    expect(records.map(texts)).toEqual(keys.map((key) => [key, key.repeat(40)]));
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
