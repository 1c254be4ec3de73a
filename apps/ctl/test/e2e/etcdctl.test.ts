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
      ['user', 'add', 'alice:a1'],
      ['user', 'add', 'bob:b1'],
      ['role', 'add', 'reader'],
      ['role', 'add', 'nothing'],
      ['role', 'grant-permission', 'reader', 'read', 'a', 'd'],
      ['role', 'grant-permission', 'reader', 'write', 'dir/', '--prefix'],
      ['role', 'grant-permission', 'reader', 'readwrite', 'tail', '--from-key'],
      ['role', 'grant-permission', 'reader', 'read', 'one'],
      ['user', 'grant-role', 'alice', 'reader'],
      ['user', 'grant-role', 'alice', 'nothing'],
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
    ['user', 'list'],
    ['user', 'get', 'alice'],
    ['user', 'get', 'alice', '--detail'],
    ['user', 'get', 'bob'],
    ['user', 'get', 'nobody'],
    ['user', 'grant-role', 'alice', 'reader'],
    ['user', 'grant-role', 'alice', 'none'],
    ['user', 'passwd', 'bob', '--interactive=false'],
    ['user', 'add', 'bob:x'],
    ['user', 'delete', 'nobody'],
    ['user', 'revoke-role', 'bob', 'reader'],
    ['role', 'list'],
    ['role', 'get', 'reader'],
    ['role', 'get', 'nothing'],
    ['role', 'get', 'none'],
    ['role', 'add', 'reader'],
    ['role', 'delete', 'none'],
    ['role', 'grant-permission', 'reader', 'read', 'a', 'd'],
    ['role', 'grant-permission', 'reader', 'some', 'a'],
    ['role', 'revoke-permission', 'reader', 'zzz'],
    ['defrag'],
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
    [['get', 'a', '--cacert=/does/not/exist']],
    [['get', 'a', '--cert=/x']],
    [['alarm', 'list']],
    [['alarm', 'list', '-w=json']],
    [['alarm', 'disarm']],
    [['alarm', 'list', 'x']],
    [['auth', 'enable']],
    [['auth', 'enable', 'x']],
    [['auth', 'disable']],
    [['user', 'add']],
    [['user', 'add', ':x']],
    [['user', 'add', 'a:b', 'c']],
    [['user', 'get']],
    [['user', 'list', 'x']],
    [['user', 'delete']],
    [['user', 'passwd']],
    [['user', 'grant-role', 'a']],
    [['user', 'revoke-role', 'a']],
    [['role', 'add']],
    [['role', 'add', '']],
    [['role', 'delete']],
    [['role', 'get']],
    [['role', 'list', 'x']],
    [['role', 'grant-permission', 'x']],
    [['role', 'grant-permission', 'x', 'read']],
    [['role', 'grant-permission', 'x', 'read', 'a', 'b', '--prefix']],
    [['role', 'grant-permission', 'x', 'read', 'a', '--prefix', '--from-key']],
    [['role', 'revoke-permission', 'x']],
    [['snapshot', 'save']],
    [['snapshot', 'status']],
    [['snapshot', 'status', '/does/not/exist']],
    [['snapshot', 'restore']],
    [['lock']],
    [['elect']],
    [['elect', 'a']],
    [['elect', 'a', 'b', '-l']],
    [['make-mirror']],
    [['make-mirror', 'a', 'b']],
    [['check', 'perf', '--load=zz']],
    [['check', 'datascale', '--load=zz']],
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
