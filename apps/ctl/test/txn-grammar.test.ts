import { CompareResult, CompareTarget } from '@understudy/protocol';
import { describe, expect, it } from 'vitest';
import { parseOperation } from '../src/commands/txn.js';
import { parseComparison, splitWords, unquote } from '../src/txn-grammar.js';

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('latin1');

describe('a comparison', () => {
  it.each([
    ['mod("k") > "5"', { target: CompareTarget.MOD, result: CompareResult.GREATER, modRevision: 5 }],
    ['m("k") < "5"', { target: CompareTarget.MOD, result: CompareResult.LESS, modRevision: 5 }],
    ['create("k") = "0"', { target: CompareTarget.CREATE, result: CompareResult.EQUAL, createRevision: 0 }],
    ['ver("k") != "1"', { target: CompareTarget.VERSION, result: CompareResult.NOT_EQUAL, version: 1 }],
    ['lease("k") = "ff"', { target: CompareTarget.LEASE, result: CompareResult.EQUAL, lease: 255n }],
  ])('%s is read', (line, expected) => {
    const parsed = parseComparison(line);
    expect(parsed).toMatchObject(expected);
    expect(text(parsed.key)).toBe('k');
  });

  it('of values may have any bytes in its key and value', () => {
    const parsed = parseComparison('val("a \\"b\\")") = "\\xff x"');
    expect([text(parsed.key), text(parsed.value)]).toEqual(['a "b")', '\xff x']);
  });

  it.each([
    ['foo', 'malformed comparison: foo'],
    ['mod(k) = "0"', 'malformed comparison: mod(k) = "0"; got mod("")  ""'],
    ['mod("k") ! "0"', 'malformed comparison: mod("k") ! "0"; got mod("k") ! "0"'],
    ['mod("k")="0"', 'malformed comparison: mod("k")="0"; got mod("k")  ""'],
    ['age("k") = "0"', 'malformed comparison: age("k") = "0" (unknown target age)'],
    ['mod("k") = "a"', 'invalid txn compare request: mod("k") = "a"'],
  ])('%s is refused', (line, message) => {
    expect(() => parseComparison(line)).toThrow(message);
    expect(() => parseComparison(line)).toThrow(expect.objectContaining({ exitCode: 3 }));
  });
});

describe('a request', () => {
  it('is a put, a get or a del with its own flags', () => {
    const put = parseOperation('put "key 1" "new\\nvalue" --lease=1f --prev-kv').requestPut;
    expect([text(put?.key), text(put?.value), put?.lease, put?.prevKv]).toEqual(['key 1', 'new\nvalue', 31n, true]);
    const get = parseOperation('get a --prefix --limit 3').requestRange;
    expect([text(get?.key), text(get?.rangeEnd), get?.limit]).toEqual(['a', 'b', 3]);
    const del = parseOperation("del 'a b' c").requestDeleteRange;
    expect([text(del?.key), text(del?.rangeEnd)]).toEqual(['a b', 'c']);
  });

  it('with a value as bytes keeps them', () => {
    expect(parseOperation('put k "\\xff\\x00"').requestPut?.value).toEqual(Buffer.from([0xff, 0]));
  });

  it.each([
    ['bad k 1', 'invalid txn request: bad k 1', 3],
    ['get k --bogus', 'invalid txn request: get k --bogus', 3],
    ['put "open', 'invalid txn request: put "open', 3],
    ['put k', 'put command needs 1 argument and input from stdin or 2 arguments', 128],
    ['get a b c', 'get command needs one argument as key and an optional argument as range_end', 128],
    ['get', 'invalid txn compare request: get', 3],
  ])('%s is refused', (line, message, exitCode) => {
    expect(() => parseOperation(line)).toThrow(message);
    expect(() => parseOperation(line)).toThrow(expect.objectContaining({ exitCode }));
  });
});

it('words are split as a shell would', () => {
  expect(splitWords('put  a "b c" \'d "e\' f')).toEqual(['put', 'a', 'b c', 'd "e', 'f']);
});

it.each([
  ['"\\u5b57\\U0001f600\\101\\t"', Buffer.from('字😀A\t')],
  ['""', Buffer.from('')],
  ['"\\q"', undefined],
  ['"\\x4"', undefined],
  ['"a"b"', undefined],
  ['"\\U00110000"', undefined],
  ['"', undefined],
])('%s is unquoted', (literal, bytes) => {
  expect(unquote(literal)).toEqual(bytes);
});
