// Tables in a frame of +, - and |: titles in the middle, cells to the right, as etcdctl draws them.

export function textTable(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = titles.map((title, column) => {
    return Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length));
  });
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  const line = (cells: readonly string[]): string => `|${cells.map((cell) => ` ${cell} `).join('|')}|`;
  const head = line(widths.map((width, column) => centred(titles[column] ?? '', width)));
  const body = rows.map((row) => line(widths.map((width, column) => (row[column] ?? '').padStart(width))));
  return [rule, head, rule, ...body, rule];
}

// An odd gap leaves the smaller half on the left.
function centred(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(text.length + left).padEnd(width);
}
