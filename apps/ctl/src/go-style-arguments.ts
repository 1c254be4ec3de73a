// Command lines as Go's tools take them, turned into what commander takes: `--flag=true` and `--flag=false`, `-w=json`,
// and for `watch` a program after `--`.

/** Flags that take no value. */
const SWITCHES: ReadonlySet<string> = new Set([
  '--auto-compact',
  '--auto-defrag',
  '--cluster',
  '--count-only',
  '--data',
  '--debug',
  '--dest-insecure-skip-tls-verify',
  '--dest-insecure-transport',
  '--detail',
  '--dry-run',
  '--from-key',
  '--hex',
  '--ignore-lease',
  '--ignore-value',
  '--insecure-discovery',
  '--insecure-skip-tls-verify',
  '--insecure-transport',
  '--interactive',
  '--keys',
  '--keys-only',
  '--learner',
  '--listen',
  '--no-dest-prefix',
  '--no-password',
  '--once',
  '--physical',
  '--prefix',
  '--prev-kv',
  '--print-value-only',
  '--progress-notify',
  '--skip-hash-check',
  '--yes',
]);

/** Of those, the ones that are on unless they are turned off. */
const ON_BY_DEFAULT: ReadonlySet<string> = new Set([
  '--dest-insecure-transport',
  '--insecure-discovery',
  '--insecure-transport',
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
  const ofUsers = flagged.includes('user');
  const words = flagged.flatMap((word) => plainFlag(word, ofUsers));
  if (words.includes('watch')) return { words, execWords: rest };
  return { words: end < 0 ? words : [...words, '--', ...rest], execWords: [] };
}

function plainFlag(word: string, ofUsers: boolean): string[] {
  if (/^-w=/.test(word)) return ['-w', word.slice(3)];
  const [flag, value] = splitOnce(word);
  if (value === undefined || !SWITCHES.has(flag)) return [word];
  if (TRUE.has(value)) return [flag];
  // Left as it is, a value that is neither is refused by the parser.
  if (!FALSE.has(value)) return [word];
  const on = ON_BY_DEFAULT.has(flag) || (ofUsers && flag === '--interactive');
  return on ? [`--no-${flag.slice(2)}`] : [];
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
