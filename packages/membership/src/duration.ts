/** Durations as operators write them: `500ms`, `15s`, `1m30s`, `2h`. Whole milliseconds in code. */

const UNITS_MS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const WRITTEN = /^(?:(\d{1,6})h)?(?:(\d{1,8})m(?!s))?(?:(\d{1,10})(?:\.(\d{1,3}))?s)?(?:(\d{1,13})ms)?$/;

/** Undefined where it is no duration. A bare number is none: its unit would be a guess. `0` is the exception. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = WRITTEN.exec(text);
  if (match === null || text === '') return undefined;
  const [, hours = '0', minutes = '0', seconds = '0', fraction = '', milliseconds = '0'] = match;
  return (
    Number(hours) * UNITS_MS.h +
    Number(minutes) * UNITS_MS.m +
    Number(seconds) * UNITS_MS.s +
    Number(fraction.padEnd(3, '0')) +
    Number(milliseconds)
  );
}

export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  let rest = durationMs;
  let text = '';
  for (const [unit, unitMs] of Object.entries(UNITS_MS)) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text;
}
