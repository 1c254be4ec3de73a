/**
 * A transcript: an etcdctl session as text, with what it printed. Reading and writing it; it knows nothing of servers.
 *
 * ```text
 * # What the session is about.
 * voters 1
 *
 * $ etcdctl put a 1
 *   OK
 *
 * $ etcdctl txn
 * < mod("a") > "0"
 *   SUCCESS
 *
 * w & etcdctl watch a --rev=1
 * w + 3
 *   PUT
 *   a
 *   1
 * w .
 * ```
 *
 * `$` runs a line to its end, and `~` one whose lines come in any order; `name &` starts one that goes on, `name + N` waits for its next N lines, and `name .`
 * interrupts it and takes the rest. Then come input (`< `), output (two spaces), errors (`! `), and an exit code that is
 * not 0 (`= `). `# ` is a comment.
 */

export interface Outcome {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** Null while it goes on. */
  readonly code: number | null;
}

export type Step =
  | { readonly kind: 'comment'; readonly text: string }
  | RunStep
  | { readonly kind: 'start'; readonly name: string; readonly line: string }
  | { readonly kind: 'await'; readonly name: string; readonly lines: number; readonly expected: Outcome }
  | { readonly kind: 'interrupt'; readonly name: string; readonly expected: Outcome };

interface RunStep {
  readonly kind: 'run';
  readonly line: string;
  /** Its lines come in any order: they are compared sorted. */
  readonly sorted: boolean;
  readonly stdin: readonly string[];
  readonly expected: Outcome;
}

export interface Transcript {
  readonly voters: number;
  readonly steps: readonly Step[];
}

interface Taken {
  readonly stdin: string[];
  readonly stdout: string[];
  readonly stderr: string[];
  code: number;
}

/** Throws with the number of the line that is not understood. */
export function parseTranscript(text: string): Transcript {
  const lines = text.split('\n');
  const steps: Step[] = [];
  let voters = 1;
  let at = 0;

  const takeBlock = (): Taken => {
    const taken: Taken = { stdin: [], stdout: [], stderr: [], code: 0 };
    for (; at < lines.length; at += 1) {
      const line = lines[at] as string;
      const rest = line.slice(2);
      if (line.startsWith('  ')) taken.stdout.push(rest);
      else if (line.startsWith('! ')) taken.stderr.push(rest);
      else if (line.startsWith('< ') || line === '<') taken.stdin.push(rest);
      else if (line.startsWith('= ')) taken.code = Number(rest);
      else break;
    }
    return taken;
  };

  while (at < lines.length) {
    const line = lines[at] as string;
    at += 1;
    if (line === '') continue;
    if (line.startsWith('#')) {
      steps.push({ kind: 'comment', text: line });
      continue;
    }
    const size = /^voters (\d)$/.exec(line);
    if (size !== null) {
      voters = Number(size[1]);
      continue;
    }
    const match = /^([$~]|(\w+) [&+.])(?: (.*))?$/.exec(line);
    if (match === null) throw new Error(`line ${at}: not understood: ${line}`);
    const [, mark = '', name = '', rest = ''] = match;
    const { stdin, stdout, stderr, code } = takeBlock();
    if (mark === '$' || mark === '~') {
      steps.push({ kind: 'run', line: rest, sorted: mark === '~', stdin, expected: { stdout, stderr, code } });
    } else if (mark.endsWith('&')) steps.push({ kind: 'start', name, line: rest });
    else if (mark.endsWith('+')) {
      steps.push({ kind: 'await', name, lines: Number(rest), expected: { stdout, stderr, code: null } });
    } else steps.push({ kind: 'interrupt', name, expected: { stdout, stderr, code } });
  }
  return { voters, steps };
}

export function printTranscript({ voters, steps }: Transcript): string {
  const lines: string[] = [];
  let opened = false;
  for (const step of steps) {
    if (step.kind === 'comment') {
      if (opened && lines.at(-1)?.startsWith('#') === false) lines.push('');
      lines.push(step.text);
      continue;
    }
    if (!opened) lines.push(`voters ${voters}`);
    if (lines.at(-1)?.startsWith('#') === false || !opened) lines.push('');
    opened = true;
    if (step.kind === 'run')
      lines.push(`${step.sorted ? '~' : '$'} ${step.line}`, ...step.stdin.map((text) => `< ${text}`));
    else if (step.kind === 'start') lines.push(`${step.name} & ${step.line}`);
    else if (step.kind === 'await') lines.push(`${step.name} + ${step.lines}`);
    else lines.push(`${step.name} .`);
    if (step.kind !== 'start') lines.push(...printOutcome(step.expected));
  }
  return `${lines.join('\n')}\n`;
}

/** As it stands in a transcript; a difference between two outcomes reads best so. */
export function printOutcome({ stdout, stderr, code }: Outcome): string[] {
  const lines = [...stdout.map((text) => `  ${text}`), ...stderr.map((text) => `! ${text}`)];
  if (code !== null && code !== 0) lines.push(`= ${code}`);
  return lines;
}

/** The words of a command line: split at blanks, with '…' and "…" kept together. No other rule of a shell. */
export function splitWords(line: string): string[] {
  const words = line.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
}
