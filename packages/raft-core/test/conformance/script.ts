/** Reads data-driven scripts: blocks of a command line, input lines, `----`, and the expected output. */

export interface Argument {
  readonly key: string;
  /** Empty for an argument without `=`. */
  readonly values: readonly string[];
}

export interface Block {
  readonly line: number;
  readonly command: string;
  readonly args: readonly Argument[];
  readonly input: string;
  readonly expected: string;
}

const SEPARATOR = '----';

export function parseScript(text: string): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const start = at;
    let directive = (lines[at++] ?? '').trim();
    if (directive === '' || directive.startsWith('#')) continue;
    while (directive.endsWith('\\')) directive = `${directive.slice(0, -1)} ${(lines[at++] ?? '').trim()}`;
    const input: string[] = [];
    while (at < lines.length && lines[at] !== SEPARATOR) input.push(lines[at++] ?? '');
    if (at === lines.length) throw new Error(`line ${start + 1}: ${directive} has no ${SEPARATOR}`);
    at++;
    const expected: string[] = [];
    if (lines[at] === SEPARATOR) {
      at++;
      while (at < lines.length && !(lines[at] === SEPARATOR && lines[at + 1] === SEPARATOR)) {
        expected.push(lines[at++] ?? '');
      }
      at += 2;
    } else {
      while (at < lines.length && (lines[at] ?? '').trim() !== '') expected.push(lines[at++] ?? '');
    }
    blocks.push({
      line: start + 1,
      ...parseLine(directive),
      input: input.join('\n').trim(),
      expected: expected.join('\n'),
    });
  }
  return blocks;
}

/** One command line. */
export function parseLine(directive: string): Pick<Block, 'command' | 'args'> {
  const [command = '', ...rest] = tokens(directive);
  return { command, args: rest.map(parseArgument) };
}

/** Words, where what stands in parentheses is one. */
function tokens(directive: string): string[] {
  return directive.match(/[^\s=]+=\([^)]*\)|\S+/g) ?? [];
}

function parseArgument(token: string): Argument {
  const equals = token.indexOf('=');
  if (equals < 0) return { key: token, values: [] };
  const value = token.slice(equals + 1);
  const inner = value.startsWith('(') ? value.slice(1, -1) : value;
  const values = value.startsWith('(') ? inner.split(',').map((part) => part.trim()) : [inner];
  return { key: token.slice(0, equals), values: values.filter((part) => part !== '') };
}

/** Config changes such as `v1 l2 r3 u4`. */
export function splitWords(input: string): string[] {
  return input.split(/\s+/).filter((word) => word !== '');
}

/** A truth as the scripts may write it: `true`, `T`, `1` and their like. */
export function readBoolean(text: string): boolean {
  if (/^(1|t|T|true|True|TRUE)$/.test(text)) return true;
  if (/^(0|f|F|false|False|FALSE)$/.test(text)) return false;
  throw new Error(`strconv.ParseBool: parsing "${text}": invalid syntax`);
}
