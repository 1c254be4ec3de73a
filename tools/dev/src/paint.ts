// Colour for terminals, and none for pipes, files and people who set NO_COLOR.

export type Colour = 'cyan' | 'yellow' | 'magenta' | 'green' | 'blue' | 'red' | 'bold' | 'dim';

const CODES: Readonly<Record<Colour, number>> = {
  cyan: 36,
  yellow: 33,
  magenta: 35,
  green: 32,
  blue: 34,
  red: 31,
  bold: 1,
  dim: 2,
};

export type Paint = (colour: Colour, text: string) => string;

export function createPaint(
  out: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const enabled = out.isTTY === true && (env['NO_COLOR'] ?? '') === '';
  return enabled ? (colour, text) => `\x1b[${CODES[colour]}m${text}\x1b[0m` : (_colour, text) => text;
}
