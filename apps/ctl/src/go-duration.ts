// Durations as etcdctl reads and prints them: `1.5s`, `300ms`, `1m30s`.

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

export type ParsedDuration =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly reason: string };

/** Milliseconds, possibly fractional. Signs and units as etcdctl takes them; a bare number other than 0 has no unit. */
export function parseDuration(text: string): ParsedDuration {
  const quoted = JSON.stringify(text);
  const match = /^([+-]?)(.*)$/s.exec(text) as RegExpExecArray;
  const sign = match[1] === '-' ? -1 : 1;
  let rest = match[2] as string;
  if (rest === '0') return { ok: true, ms: 0 };
  if (rest === '') return { ok: false, reason: `time: invalid duration ${quoted}` };
  let ms = 0;
  while (rest !== '') {
    const part = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest);
    if (part === null) return { ok: false, reason: `time: invalid duration ${quoted}` };
    const unit = part[2] as string;
    if (unit === '') return { ok: false, reason: `time: missing unit in duration ${quoted}` };
    const unitMs = Object.hasOwn(UNIT_MS, unit) ? UNIT_MS[unit] : undefined;
    if (unitMs === undefined) {
      return { ok: false, reason: `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}` };
    }
    ms += Number(part[1]) * unitMs;
    rest = rest.slice(part[0].length);
  }
  return { ok: true, ms: sign * ms };
}

/** `1.446696ms`, `2.5s`, `1m30.25s`: the largest unit below the duration, without trailing zeros. */
export function formatDuration(ms: number): string {
  const ns = Math.round(ms * 1e6);
  if (ns === 0) return '0s';
  if (ns < 1e3) return `${ns}ns`;
  if (ns < 1e6) return `${trim(ns / 1e3, 3)}µs`;
  if (ns < 1e9) return `${trim(ns / 1e6, 6)}ms`;
  const seconds = ns / 1e9;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${trim(seconds - hours * 3600 - minutes * 60, 9)}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

function trim(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}
