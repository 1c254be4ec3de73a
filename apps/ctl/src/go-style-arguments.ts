// Command lines as Go's tools take them, turned into what commander takes: `--flag=true` and `--flag=false`, `-w=json`,
// and for `watch` a program after `--`.

/** Flags that take no value. */
const SWITCHES: ReadonlySet<string> = new Set([
  '--cluster',
  '--count-only',
  '--data',
  '--dry-run',
  '--from-key',
  '--hex',
  '--ignore-lease',
  '--ignore-value',
  '--insecure-skip-tls-verify',
  '--interactive',
  '--keys',
  '--keys-only',
  '--learner',
  '--once',
  '--physical',
  '--prefix',
  '--prev-kv',
  '--print-value-only',
  '--progress-notify',
  '--yes',
]);

const TRUE: ReadonlySet<string> = new Set(['true', 'TRUE', 'True', 't', 'T', '1']);
const FALSE: ReadonlySet<string> = new Set(['false', 'FALSE', 'False', 'f', 'F', '0']);

export interface GoStyleArguments {
  readonly words: string[];
  /** What follows `--` in a `watch`. */
  readonly execWords: string[];
}

export function goStyleArguments(args: readonly string[]): GoStyleArguments {
  const end = args.indexOf('--');
  const flagged = end < 0 ? args : args.slice(0, end);
  const rest = end < 0 ? [] : args.slice(end + 1);
  const words = flagged.flatMap(plainFlag);
  if (words.includes('watch')) return { words, execWords: rest };
  return { words: end < 0 ? words : [...words, '--', ...rest], execWords: [] };
}

function plainFlag(word: string): string[] {
  if (/^-w=/.test(word)) return ['-w', word.slice(3)];
  const [flag, value] = splitOnce(word);
  if (value === undefined || !SWITCHES.has(flag)) return [word];
  if (TRUE.has(value)) return [flag];
  // Left as it is, a value that is neither is refused by the parser.
  return FALSE.has(value) ? [] : [word];
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
