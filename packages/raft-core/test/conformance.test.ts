/**
 * Replays data-driven scripts of the reference implementation, every line equal. One test a file. The directory comes
 * from RAFT_CONFORMANCE_DIR, by default the shared one beside the repository.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfChangeEnv } from './conformance/conf-change-env.js';
import { InteractionEnv } from './conformance/interaction-env.js';
import { handleQuorum } from './conformance/quorum-env.js';
import { type Block, parseScript } from './conformance/script.js';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const given = process.env['RAFT_CONFORMANCE_DIR'] ?? '';
const directory = given === '' ? resolve(repository, '../shared/conformance/raft') : given;
if (given !== '' && !existsSync(given)) throw new Error(`RAFT_CONFORMANCE_DIR is ${given}: there is no such folder`);

const KINDS: Readonly<Record<string, () => (block: Block) => string>> = {
  quorum: () => handleQuorum,
  confchange: () => {
    const env = new ConfChangeEnv();
    return (block) => env.handle(block);
  },
  interaction: () => {
    const env = new InteractionEnv();
    return (block) => env.handle(block);
  },
};
if (given !== '' && !Object.keys(KINDS).some((kind) => existsSync(join(directory, kind)))) {
  throw new Error(`RAFT_CONFORMANCE_DIR is ${given}: it has no folder ${Object.keys(KINDS).join(', ')}`);
}

for (const [kind, begin] of Object.entries(KINDS)) {
  const folder = join(directory, kind);
  describe(`conformance: ${kind}`, () => {
    if (!existsSync(folder)) {
      it.skip(`there are no scripts at ${folder}`, () => {});
      return;
    }
    const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile() && file.name[0] !== '.');
    for (const { name } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      it(`replays ${name}`, () => {
        const handle = begin();
        const blocks = parseScript(readFileSync(join(folder, name), 'utf8'));
        expect(blocks.length).toBeGreaterThan(0);
        for (const block of blocks) {
          const actual = handle(block).replace(/\n$/, '');
          expect(actual, `${name}:${block.line}: ${block.command}`).toBe(block.expected);
        }
      });
    }
  });
}
