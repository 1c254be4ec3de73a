import { PutResponse, RangeResponse, WatchResponse } from '@understudy/protocol';
import { expect, it } from 'vitest';
import { createPrinter } from '../src/output/formats.js';
import type { Printer } from '../src/output/printer.js';

function printed(print: (printer: Printer) => void): Uint8Array {
  const chunks: Uint8Array[] = [];
  const output = { line: () => {}, errorLine: () => {}, write: (bytes: Uint8Array) => void chunks.push(bytes) };
  print(createPrinter('protobuf', output, { hex: false, valueOnly: false }));
  return Buffer.concat(chunks);
}

const header = { clusterId: 193, memberId: 161, revision: 7, raftTerm: 2 };
const kv = { key: Buffer.from('k'), value: Buffer.from('v'), createRevision: 2, modRevision: 7, version: 3, lease: 0n };

it('messages are printed as they are on the wire, without an end of line', () => {
  const put = PutResponse.create({ header });
  expect(PutResponse.decode(printed((printer) => printer.put(put)))).toEqual(put);
  const range = RangeResponse.create({ header, kvs: [kv], count: 1 });
  expect(printed((printer) => printer.get(range))).toEqual(Buffer.from(RangeResponse.encode(range)));
});

it('a watch is printed as the message it came in', () => {
  const bytes = printed((printer) => printer.watch({ header, events: [], compactRevision: 5, canceled: true }));
  expect(WatchResponse.decode(bytes)).toMatchObject({ header, compactRevision: 5, canceled: true });
});

it('what is made up of several answers has no message', () => {
  expect(() => printed((printer) => printer.endpointStatus([]))).toThrow('protobuf not supported as output format');
});
