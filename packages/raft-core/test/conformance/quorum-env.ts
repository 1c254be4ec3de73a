/** Runs the quorum scripts: committed indexes with their table, and votes. */
import { jointVote, majorityIndex, majorityVote } from '../../src/quorum.js';
import type { Argument, Block } from './script.js';

const NUMBERS: Readonly<Record<string, string>> = { y: '2', n: '1', _: '0' };
const OUTCOMES = { pending: 'VotePending', lost: 'VoteLost', won: 'VoteWon' } as const;

export function handleQuorum({ args, command }: Block): string {
  const voters = ids(args, 'cfg');
  const joint = args.some(({ key }) => key === 'cfgj');
  const outgoing = joint && value(args, 'cfgj')[0] !== 'zero' ? ids(args, 'cfgj') : [];
  const union = [...new Set([...voters, ...outgoing])];
  const given = value(args, command === 'vote' ? 'votes' : 'idx');
  if (given.length !== union.length) {
    // In the reference's words, which has sets and numbers there: a vote is 2 for it and 1 against, 0 what is not known.
    const set = [...union].sort((a, b) => a - b).map((id) => `${id}:{}`);
    const numbers = given.map((word) => NUMBERS[word] ?? word);
    return `error: mismatched input (explicit or _) for voters map[${set.join(' ')}]: [${numbers.join(' ')}]`;
  }
  const known = new Map<number, string>();
  given.forEach((word, i) => {
    if (word !== '_') known.set(union[i] as number, word);
  });
  switch (command) {
    case 'committed':
      return committed(voters, outgoing, union, known);
    case 'vote':
      return OUTCOMES[jointVote(vote(voters, known), vote(outgoing, known))];
    default:
      return 'unknown command';
  }
}

function committed(voters: number[], outgoing: number[], union: number[], known: Map<number, string>): string {
  const index = (config: number[]): number => {
    const values = config.map((id) => Number(known.get(id) ?? 0));
    return majorityIndex(values, config.length);
  };
  const result = Math.min(index(voters), index(outgoing));
  return `${table(union, known)}${result === Number.POSITIVE_INFINITY ? '∞' : result}`;
}

function vote(config: number[], known: Map<number, string>): ReturnType<typeof majorityVote> {
  const count = (word: string): number => config.filter((id) => known.get(id) === word).length;
  return majorityVote(config.length, count('y'), count('n'));
}

/** A bar for each voter: how many are below it. */
function table(union: number[], known: Map<number, string>): string {
  if (union.length === 0) return '<empty majority quorum>';
  const width = union.length;
  const indexOf = (id: number): number => Number(known.get(id) ?? 0);
  let text = `${' '.repeat(width)}    idx\n`;
  for (const id of [...union].sort((a, b) => a - b)) {
    const below = union.filter((other) => indexOf(other) < indexOf(id)).length;
    const bar = known.has(id) ? `${'x'.repeat(below)}>${' '.repeat(width - below)}` : `?${' '.repeat(width)}`;
    text += `${bar} ${String(indexOf(id)).padStart(5)}    (id=${id})\n`;
  }
  return text;
}

function ids(args: readonly Argument[], key: string): number[] {
  return value(args, key).map(Number);
}

function value(args: readonly Argument[], key: string): readonly string[] {
  return args.find((arg) => arg.key === key)?.values ?? [];
}
