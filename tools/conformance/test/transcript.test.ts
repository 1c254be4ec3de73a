import { describe, expect, test } from 'vitest';
import { Placeholders } from '../src/etcdctl/placeholders.js';
import { parseTranscript, printTranscript, splitWords } from '../src/etcdctl/transcript.js';
import { readTranscripts } from '../src/etcdctl/transcripts.js';

const TEXT = `# About.
voters 3

$ etcdctl put a 'two words'
  OK

~ etcdctl txn
< mod("a") > "0"
<${' '}
  SUCCESS
! Error: none
= 2

w & etcdctl watch a

w + 1
  PUT

w .
= 128
`;

describe('a transcript', () => {
  test('is printed as it was read', () => {
    expect(printTranscript(parseTranscript(TEXT))).toBe(TEXT);
  });

  test('that is not understood is refused with the number of the line', () => {
    expect(() => parseTranscript('voters 1\n\nput a 1\n')).toThrow('line 3: not understood: put a 1');
  });

  test.each(readTranscripts())('%s stands in the folder as it is printed', (_name, transcript) => {
    expect(parseTranscript(printTranscript(transcript))).toEqual(transcript);
  });

  test('splits a line as a shell does, as far as blanks and quotes go', () => {
    expect(splitWords(`put a 'b c' "d 'e" ''`)).toEqual(['put', 'a', 'b c', "d 'e", '']);
  });
});

describe('placeholders', () => {
  const placeholders = () =>
    new Placeholders([{ name: 'n1', text: '127.0.0.1:23' }], new Map([['cluster', 0xcdf818194e3a8c32n]]));

  test('name an id the same in hex and in decimal', () => {
    const names = placeholders();
    expect(names.normalize('lease 694d7a1b2c3d4e5f granted')).toBe('lease <id1> granted');
    expect(names.normalize('"lease":7587855204314074719,"x":1')).toBe('"lease":<id1>,"x":1');
    expect(names.normalize('{"cluster_id":14841639068965178418}')).toBe('{"cluster_id":<cluster>}');
  });

  test.each([
    ['PASS: Throughput is 150 writes/s', 'FAIL: Throughput too low: 44 writes/s', 'Throughput'],
    ['PASS: Slowest request took 0.082s', 'Slowest request took too long: 0.683s', 'Slowest request'],
    ['PASS: Stddev is 0.003s', 'Stddev too high: 0.142s', 'Stddev'],
  ])('make one verdict of %s and %s', (passed, failed, name) => {
    expect([passed, failed].map((line) => placeholders().normalize(line))).toEqual(Array(2).fill(`<verdict>: ${name}`));
  });

  test('stand in commands for what they name', () => {
    const names = placeholders();
    names.normalize('lease 694d7a1b2c3d4e5f granted');
    expect(names.expand('lease revoke <id1> --endpoints=<n1>')).toBe(
      'lease revoke 694d7a1b2c3d4e5f --endpoints=127.0.0.1:23',
    );
    expect(() => names.expand('lease revoke <id2>')).toThrow('nothing is called <id2> yet');
  });

  test('leave revisions, counts and keys alone', () => {
    const line = '{"revision":7,"kvs":[{"key":"YQ==","create_revision":2}],"count":1}';
    expect(placeholders().normalize(line)).toBe(line);
  });
});
