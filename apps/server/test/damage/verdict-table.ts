/** What came of each damage: kind of file by kind of damage, with how often each verdict was given. */
import { DAMAGE_KINDS, type DamageKind } from './damage-plan.js';

export class VerdictTable {
  readonly #cells = new Map<string, Map<string, number>>();
  readonly #totals = new Map<string, number>();

  /** @param file its class. */
  add(file: string, kind: DamageKind, verdict: string): void {
    const key = `${file}\n${kind}`;
    const cell = this.#cells.get(key) ?? new Map<string, number>();
    cell.set(verdict, (cell.get(verdict) ?? 0) + 1);
    this.#cells.set(key, cell);
    this.#totals.set(verdict, (this.#totals.get(verdict) ?? 0) + 1);
  }

  count(verdict: string): number {
    return this.#totals.get(verdict) ?? 0;
  }

  toString(): string {
    const classes = [...new Set([...this.#cells.keys()].map((key) => key.split('\n')[0] as string))].sort();
    const rows = classes.map((name) => [
      name,
      ...DAMAGE_KINDS.map((kind) => {
        const cell = [...(this.#cells.get(`${name}\n${kind}`) ?? [])].sort();
        return cell.map(([verdict, count]) => `${verdict} ${count}`).join(', ');
      }),
    ]);
    const table = [['file', ...DAMAGE_KINDS], ...rows];
    const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
    const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | '));
    const totals = [...this.#totals].sort().map(([verdict, count]) => `${verdict} ${count}`);
    return [...lines, `in all: ${totals.join(', ')}`].join('\n');
  }
}
