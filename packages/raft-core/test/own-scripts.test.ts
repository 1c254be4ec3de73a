/**
 * Replays our own scripts, in the language of the reference's and with the commands of `OwnEnv`: for what the core has
 * beyond the reference, and for every command and option of the language, each at least once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfChangeEnv } from './conformance/conf-change-env.js';
import { OwnEnv } from './conformance/own-env.js';
import { handleQuorum } from './conformance/quorum-env.js';
import { type Block, parseScript } from './conformance/script.js';

const directory = join(import.meta.dirname, 'scripts');

const KINDS: Readonly<Record<string, () => (block: Block) => string>> = {
  quorum: () => handleQuorum,
  confchange: () => {
    const env = new ConfChangeEnv();
    return (block) => env.handle(block);
  },
  interaction: () => {
    const env = new OwnEnv();
    return (block) => env.handle(block);
  },
};

const blocksOf = (kind: string): Block[] =>
  readdirSync(join(directory, kind)).flatMap((name) => parseScript(readFileSync(join(directory, kind, name), 'utf8')));

for (const [kind, begin] of Object.entries(KINDS)) {
  describe(`own scripts: ${kind}`, () => {
    it.each(readdirSync(join(directory, kind)))('%s', (name) => {
      const handle = begin();
      const blocks = parseScript(readFileSync(join(directory, kind, name), 'utf8'));
      expect(blocks.length).toBeGreaterThan(0);
      for (const block of blocks) {
        expect(handle(block).replace(/\n$/, ''), `${name}:${block.line}: ${block.command}`).toBe(block.expected);
      }
    });
  });
}

describe('own scripts together', () => {
  it.each([
    [
      'interaction',
      'add-nodes campaign compact deliver-msgs forget-leader log-level process-append-thread process-apply-thread ' +
        'process-ready propose propose-conf-change raft-log raft-state report-unreachable send-snapshot ' +
        'set-randomized-election-timeout stabilize status tick-election tick-heartbeat transfer-leadership ' +
        'read-index report-disconnected report-slow-disk report-recovering damage end-recovery recovery sessions',
    ],
    ['quorum', 'committed vote'],
    ['confchange', 'simple enter-joint leave-joint'],
  ])('use every command of %s', (kind, commands) => {
    const used = new Set(blocksOf(kind).map(({ command }) => command));
    expect(commands.split(' ').filter((command) => !used.has(command))).toEqual([]);
  });

  it.each([
    [
      'add-nodes',
      'voters learners index content inflight async-storage-writes prevote checkquorum max-committed-size-per-ready ' +
        'read-only disable-conf-change-validation step-down-on-removal crash-failover stalled-leader-handover ' +
        'replication-sessions max-append-bytes max-inflight-bytes',
    ],
    ['propose-conf-change', 'v1 transition'],
    ['deliver-msgs', 'type drop'],
    ['stabilize', 'log-level'],
    ['set-randomized-election-timeout', 'timeout'],
    ['transfer-leadership', 'from to'],
    ['damage', 'keep vote'],
  ])('use every option of %s', (command, options) => {
    const blocks = blocksOf('interaction').filter((block) => block.command === command);
    const used = new Set(blocks.flatMap(({ args }) => args.map(({ key }) => key)));
    expect(options.split(' ').filter((option) => !used.has(option))).toEqual([]);
  });
});
