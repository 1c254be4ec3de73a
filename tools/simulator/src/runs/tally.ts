/** What many runs come to together. */
import type { RunResult } from '../run.js';

export class Tally {
  seeds = 0;
  simulatedMs = 0;
  events = 0;
  operations = 0;
  asked = 0;
  readonly faults = new Map<string, number>();
  readonly counted = new Map<string, number>();

  add(result: RunResult): void {
    this.seeds++;
    this.simulatedMs += result.simulatedMs;
    this.events += result.events;
    this.operations += result.operations;
    this.asked += result.asked;
    addAll(this.faults, result.faults);
    addAll(this.counted, result.counted);
  }

  /** `realMs`: how long the runs took. */
  describe(realMs: number): string {
    const lines = [
      `seeds run              ${this.seeds}`,
      `simulated time         ${(this.simulatedMs / 3_600_000).toFixed(2)} h`,
      `events                 ${this.events}`,
      `operations checked     ${this.operations}`,
      `invariants asked       ${this.asked}`,
      `simulated s / real s   ${Math.round(this.simulatedMs / realMs)}`,
      'faults injected',
      ...table(this.faults),
      'and along the way',
      ...table(this.counted),
    ];
    return lines.join('\n');
  }
}

function addAll(into: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [key, count] of from) into.set(key, (into.get(key) ?? 0) + count);
}

function table(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `  ${key.padEnd(21)}${count}`);
}
