/** One flag: how it is written, what it takes, and what its help says. */
import { InvalidArgumentError, Option } from 'commander';
import { parseDurationMs } from '../duration.js';

/** `milliseconds` may be a bare number; a `duration` has its unit, as in etcd. */
type FlagKind = 'text' | 'count' | 'boolean' | 'milliseconds' | 'duration';

export type FlagValue = string | number | boolean;

export interface Flag {
  readonly name: string;
  readonly kind: FlagKind;
  readonly value: string;
  readonly help: string;
  /** What the help shows; the defaults are filled in by `resolveConfig`. */
  readonly fallback?: string;
}

/** Flags of one subject, which the help shows together. */
export interface FlagGroup {
  readonly heading: string;
  readonly flags: readonly Flag[];
}

/** As Go reads them. */
const TRUE: ReadonlySet<string> = new Set(['true', 'True', 'TRUE', 't', 'T', '1']);
const FALSE: ReadonlySet<string> = new Set(['false', 'False', 'FALSE', 'f', 'F', '0']);

export function optionOf(flag: Flag): Option {
  const value = flag.kind === 'boolean' ? `[${flag.value}]` : `<${flag.value}>`;
  const shown = flag.fallback === undefined ? flag.help : `${flag.help} (default: ${flag.fallback})`;
  const option = new Option(`--${flag.name} ${value}`, shown).argParser((text: string) => parseValue(flag, text));
  return flag.kind === 'boolean' ? option.preset('true') : option;
}

/** @throws InvalidArgumentError, with a text that names no flag */
export function parseValue(flag: Flag, text: string): FlagValue {
  switch (flag.kind) {
    case 'text':
      return text;
    case 'boolean':
      if (!TRUE.has(text) && !FALSE.has(text)) throw new InvalidArgumentError(`"${text}" is neither true nor false`);
      return TRUE.has(text);
    case 'count':
      if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number`);
      return Number(text);
    default: {
      const bare = flag.kind === 'duration' && /^\d+$/.test(text) && Number(text) !== 0;
      const ms = bare ? null : parseDurationMs(text, 1);
      if (ms === null) throw new InvalidArgumentError(`"${text}" is not a duration; write 500ms, 5s or 30m`);
      return ms;
    }
  }
}
