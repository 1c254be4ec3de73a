/** Durations as they are written on the command line: `5s`, `1h30m`, or a bare number of a unit the flag names. */

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds; null when `text` is not a duration. A bare number counts `bareUnitMs` each. */
export function parseDurationMs(text: string, bareUnitMs: number): number | null {
  if (/^\d+$/.test(text)) return Number(text) * bareUnitMs;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (UNIT_MS[unit as string] as number);
  }
  return total;
}
