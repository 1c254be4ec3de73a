/** The bench's output: lines, and rows whose first two columns are names. */

export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

export const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, index) => (index < 2 ? String(cell).padEnd(15) : String(cell).padStart(11))).join(' ');

export const rounded = (values: readonly number[]): string => values.map((value) => Math.round(value)).join('/');
