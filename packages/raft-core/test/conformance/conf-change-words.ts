/** Config changes as the scripts write them: `v1 l2 r3 u4`. */
import { type ConfChangeSingle, ConfChangeType } from '../../src/conf-change.js';
import { splitWords } from './script.js';

const LETTERS: Readonly<Record<string, ConfChangeType>> = {
  v: ConfChangeType.AddNode,
  l: ConfChangeType.AddLearnerNode,
  r: ConfChangeType.RemoveNode,
  u: ConfChangeType.UpdateNode,
};

export function parseChanges(input: string): ConfChangeSingle[] {
  return splitWords(input).map((word) => {
    if (word.length < 2) throw new Error(`unknown token ${word}`);
    const type = LETTERS[word[0] ?? ''];
    if (type === undefined) throw new Error(`unknown input: ${word}`);
    const id = word.slice(1);
    if (!/^\d+$/.test(id)) throw new Error(`strconv.ParseUint: parsing "${id}": invalid syntax`);
    return { type, nodeId: Number(id) };
  });
}
