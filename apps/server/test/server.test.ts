import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EntryType } from '@understudy/raft-core';
import { completed } from '@understudy/store/testing';
import { WalLevel } from '@understudy/wal-level';
import { freePorts, waitUntil } from '@understudy/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { resolveConfig } from '../src/config/config.js';
import { parseCommandLine } from '../src/config/command-line.js';
import { startServer } from '../src/server.js';
import { createLogger } from '../src/telemetry/logger.js';
import { base64, jsonCall } from './json-call.js';
import { startLoneServer } from './lone-server.js';

const logger = createLogger('test', 'silent', 'json');
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'server-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function start(dataDir: string): ReturnType<typeof startServer> {
  const [client, peer] = await freePorts(2);
  const listen = [`--listen-client-urls=http://127.0.0.1:${client}`, `--listen-peer-urls=http://127.0.0.1:${peer}`];
  const parsed = parseCommandLine([...listen, `--data-dir=${dataDir}`], {}, '0.0.0');
  if (parsed.kind !== 'run') throw new Error('not a run');
  return startServer({ logger }, resolveConfig(parsed.flags, false));
}

describe('a server', () => {
  it('answers what it has been asked before it stops, and then nothing', async () => {
    const lone = await startLoneServer();
    const puts = Array.from({ length: 20 }, (_, i) =>
      jsonCall(lone.clientUrl, '/v3/kv/put', { key: base64(String(i)), value: base64('x') }),
    );
    await Promise.all(puts.slice(0, 1));
    const stopped = lone.server.stop();
    const settled = await Promise.allSettled(puts);
    // Told as done, or told as not done, or not taken at all: never cut off half-way.
    const told = settled.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value.body);
    for (const body of told) expect(Object.hasOwn(body, 'header') || body['error']).toBeTruthy();
    for (const body of told.filter((answer) => 'error' in answer)) expect(body['error']).toMatch(/server stopped/);
    expect(told.filter((body) => 'header' in body).length).toBeGreaterThan(0);
    await stopped;
    expect(await lone.server.ended).toEqual({ kind: 'stopped', reason: 'stopped' });
    await expect(fetch(`${lone.clientUrl}/livez`)).rejects.toThrow();
    await lone.end();
  });

  it('does not start, and holds nothing, where the log has an entry that it does not know', async () => {
    const dataDir = join(directory, 'data');
    const server = await start(dataDir);
    await server.stop();
    const wal = { directory: join(dataDir, 'member', 'wal') };
    const log = await WalLevel.open(wal);
    const index = log.lastIndex() + 1;
    const { term, vote } = log.hardState;
    // A proposal's header of 18 bytes, then a command of a later version.
    const data = Buffer.concat([Buffer.from([1]), Buffer.alloc(17), Buffer.from([99, 1])]);
    const entries = [{ term, index, type: EntryType.Normal, data }];
    const hardState = { term, vote, commit: index };
    await completed((done) => log.append({ entries, hardState, snapshot: null, mustSync: true }, done));
    await completed((done) => log.close(done));

    await expect(start(dataDir)).rejects.toThrow(/command version 99/);
    const again = await WalLevel.open(wal);
    expect(again.lastIndex()).toBe(index);
    await completed((done) => again.close(done));
  });

  it('refuses a data directory that is a file, by the flag', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(start(file)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^--data-dir: cannot use .*file/),
    });
  });

  it('that failed half-way leaves its ports and its log to the next', async () => {
    const lone = await startLoneServer();
    const parsed = parseCommandLine(
      ['--listen-client-urls=http://127.0.0.1:1', `--listen-peer-urls=${lone.peerUrl}`, `--data-dir=${lone.dataDir}`],
      {},
      '0.0.0',
    );
    if (parsed.kind !== 'run') throw new Error('not a run');
    await expect(startServer({ logger }, resolveConfig(parsed.flags, false))).rejects.toThrow(/port is in use/);
    await expect(start(lone.dataDir)).rejects.toThrow(/is in use/);
    await lone.server.stop();
    const next = await start(lone.dataDir);
    await next.stop();
    await lone.end();
  });
});

describe('the peer port', () => {
  it('knows two questions, and a WebSocket of nobody it knows gets nowhere', async () => {
    const lone = await startLoneServer();
    const members = await (await fetch(`${lone.peerUrl}/members`)).json();
    expect(members).toMatchObject({ members: [{ name: 'default', peerUrls: [lone.peerUrl] }] });
    expect((await fetch(`${lone.peerUrl}/v3/kv/range`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect(await upgrade(lone.peerUrl, '/elsewhere')).toBe(404);
    const garbage = new WebSocket(`${lone.peerUrl.replace('http', 'ws')}/understudy/peer`);
    const closed = new Promise<number>((resolve) => garbage.once('close', resolve));
    garbage.on('error', () => undefined);
    garbage.once('open', () => garbage.send(Buffer.alloc(4 * 1024 * 1024, 0xff)));
    expect(await closed).toBeGreaterThan(1001);
    await waitUntil('the server is as well as before', async () => (await fetch(`${lone.clientUrl}/readyz`)).ok);
    await lone.end();
  });
});

/** The status with which an upgrade was refused. */
function upgrade(url: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const asked = request(`${url}${path}`, { headers });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}
