// Word for word what the real etcdctl prints, where it and etcd are installed: both run the same line on one store.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capture } from '../capture.js';
import { EtcdBridge } from './etcd-bridge.js';
import { runProgram } from './processes.js';

const installed = existsSync('/usr/bin/etcd') && existsSync('/usr/bin/etcdctl');

describe.skipIf(!installed)('the same line prints the same in etcdctl', () => {
  let bridge: EtcdBridge;
  beforeAll(async () => {
    bridge = await EtcdBridge.start();
    for (const words of [
      ['put', 'a', '1'],
      ['put', 'a', '2'],
      ['put', 'b', 'x<&>"\n'],
      ['put', 'ü字', 'v\u200b'],
    ]) {
      await theirs(words);
    }
  });
  afterAll(async () => {
    await bridge?.close();
  });

  function theirs(args: readonly string[], stdin = '') {
    return runProgram('etcdctl', [`--endpoints=${bridge.etcd}`, ...args], { ETCDCTL_API: '3' }, stdin);
  }

  // What is different by nature: addresses, ids that saturate, times, and the names of environment variables.
  function normal(text: string): string {
    return text
      .replace(/^\{"level".*\n/gm, '')
      .replaceAll(bridge.etcd, 'HOST')
      .replaceAll(bridge.bridge, 'HOST')
      .replace(/9007199254740991|\d{17,20}/g, 'ID')
      .replace(/(?<=^|, |Member +)([0-9a-f]{14,16})(?=,| )/gm, 'ID')
      .replace(/took = \S+|"took":"[^"]*"|(?<="Took" : )\S+/g, 'TIME');
  }

  async function compare(args: readonly string[], stdin?: string): Promise<void> {
    const expected = await theirs(args, stdin);
    const actual = await capture([`--endpoints=${bridge.bridge}`, ...args], stdin === undefined ? {} : { stdin });
    expect({ code: actual.code, stdout: normal(actual.stdout), stderr: normal(actual.stderr) }).toEqual({
      code: expected.code,
      stdout: normal(expected.stdout),
      stderr: normal(expected.stderr),
    });
  }

  const everyFormat = [
    ['get', 'a'],
    ['get', '', '--prefix'],
    ['get', '', '--prefix', '--limit=1'],
    ['get', 'none'],
    ['get', 'a', '--keys-only'],
    ['get', 'b', '--from-key'],
    ['get', 'a', 'c', '--order=descend'],
    ['get', '', '--prefix', '--sort-by=MODIFY', '--order=DESCEND'],
    ['get', '', '--prefix', '--hex'],
    ['get', 'a', '--consistency=s'],
    ['get', 'a', '--print-value-only'],
    ['del', 'none'],
    ['lease', 'list'],
    ['lease', 'timetolive', '12ab'],
    ['lease', 'timetolive', '12ab', '--keys'],
    ['lease', 'revoke', '12ab'],
    ['lease', 'keep-alive', '--once', '12ab'],
    ['member', 'remove', '12'],
    ['member', 'promote', '12'],
    ['member', 'update', '12', '--peer-urls=http://127.0.0.1:1'],
    ['move-leader', '12'],
  ].flatMap((args) => ['simple', 'json', 'fields', 'table'].map((format) => [...args, '-w', format]));
  it.each(everyFormat.map((args) => [args]))('%j', (args) => compare(args));

  // Tables of members and endpoints are as wide as their ids.
  const idsAreColumns = [
    ['member', 'list'],
    ['endpoint', 'status'],
    ['endpoint', 'health'],
  ].flatMap((args) => ['simple', 'json', 'fields'].map((format) => [...args, '-w', format]));
  it.each(idsAreColumns.map((args) => [args]))('%j', (args) => compare(args));

  it.each([
    [['get']],
    [['get', '']],
    [['get', 'a', '--rev=100000']],
    [['get', 'a', '--order=x']],
    [['get', 'a', '--sort-by=x']],
    [['get', 'a', '--consistency=x']],
    [['get', 'a', 'b', '--prefix']],
    [['get', 'a', '--prefix', '--from-key']],
    [['put']],
    [['put', '', 'x']],
    [['put', 'a', 'b', '--lease=12']],
    [['put', 'a', 'b', '--lease=x']],
    [['put', 'a', 'b', '--lease=12', '--ignore-lease']],
    [['put', 'a', 'b', '--ignore-value']],
    [['put', 'none', '--ignore-value']],
    [['put', 'none', 'x', '--ignore-lease']],
    [['put', 'k', '--', '-v']],
    [['del']],
    [['del', 'a', 'b', '--prefix']],
    [['lease', 'grant']],
    [['lease', 'grant', 'x']],
    [['lease', 'grant', '99999999999']],
    [['lease', 'revoke']],
    [['lease', 'revoke', 'x']],
    [['lease', 'keep-alive']],
    [['lease', 'timetolive']],
    [['lease', 'timetolive', 'x']],
    [['member', 'add']],
    [['member', 'add', 'x']],
    [['member', 'add', 'x', 'y']],
    [['member', 'remove']],
    [['member', 'remove', 'x']],
    [['member', 'update']],
    [['member', 'update', '12']],
    [['member', 'promote']],
    [['move-leader']],
    [['move-leader', 'x']],
    [['compaction']],
    [['compaction', 'x']],
    [['compaction', '99999999']],
    [['watch']],
    [['watch', 'a', 'b', '--prefix']],
  ])('%j', (args) => compare(args));

  it.each([
    [''],
    ['x\n'],
    ['mod("a") > "0"\n'],
    ['ver("a") > "x"\n'],
    ['val("a")="2"\n\n\n\n'],
    ['\nbad\n'],
    ['\nbad 1\n'],
    ['\nget\n\n\n'],
    ['\nput a\n\n\n'],
    ['\nget a --rev=100000\n\n\n'],
    ['\nput a b\nput a c\n\n\n'],
    ['mod("a") > "0"\n\nget a\nget none\n\n\n'],
    ['mod("a") < "0"\n\nget a\n\nget b --prefix\ndel none\n\n'],
    ['value("a") = "2"\n\nget "a"\n\nget a\n\n'],
    ['create("a") = "0"\nmod("a") = "0"\n\n\nget a\n\n'],
  ])('txn of %j', async (stdin) => {
    await compare(['txn'], stdin);
    await compare(['txn', '-w=json'], stdin);
  });
});
