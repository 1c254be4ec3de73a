/**
 * The policy as an operator writes and reads it: `failoverAfter=2s autoPromote=join,size activeSize=auto`. The name of a
 * setting is its field's without the unit. What is written is only understood here; whether the values are allowed is
 * `resolvePolicy`'s to say.
 */
import { formatDuration, parseDuration } from './duration.js';
import type { PromoteTriggers } from './cluster-view.js';
import type { Policy, PolicySettings } from './policy.js';

export type PolicySettingsResult =
  | { readonly ok: true; readonly settings: PolicySettings }
  /** `field` is the name as it was written. */
  | { readonly ok: false; readonly field: string; readonly text: string };

/** How one field is written; `parse` gives undefined for what it does not understand. */
interface Notation<T> {
  readonly parse: (text: string) => T | undefined;
  readonly format: (value: T) => string;
  /** What may be written, for the error. */
  readonly expects: string;
}

const COUNT: Notation<number> = {
  parse: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
  format: String,
  expects: 'a whole number',
};
const DURATION: Notation<number> = {
  parse: parseDuration,
  format: formatDuration,
  expects: 'a duration like 500ms, 15s, 1m30s or 2h',
};
const FLAG: Notation<boolean> = {
  parse: (text) => (text === 'true' || text === 'on' ? true : text === 'false' || text === 'off' ? false : undefined),
  format: String,
  expects: 'true or false',
};
const SIZE: Notation<number | 'auto'> = {
  parse: (text) => (text === 'auto' ? 'auto' : COUNT.parse(text)),
  format: String,
  expects: 'a whole number or auto',
};
const TRIGGERS: Notation<PromoteTriggers> = {
  parse: parseTriggers,
  format: formatTriggers,
  expects: 'all, none, or some of join,size,failover',
};
const SPREAD: Notation<Policy['spreadBy']> = {
  parse: (text) => (text === 'zone' || text === 'none' ? text : undefined),
  format: String,
  expects: 'zone or none',
};

type Setting = {
  [Field in keyof Policy]: { readonly name: string; readonly field: Field; readonly notation: Notation<Policy[Field]> };
}[keyof Policy];

const SETTINGS: readonly Setting[] = [
  { name: 'activeSize', field: 'activeSize', notation: SIZE },
  { name: 'autoPromote', field: 'autoPromote', notation: TRIGGERS },
  { name: 'paused', field: 'paused', notation: FLAG },
  { name: 'stabilizationTime', field: 'stabilizationTimeMs', notation: DURATION },
  { name: 'promoteMaxLag', field: 'promoteMaxLag', notation: COUNT },
  { name: 'maxLearners', field: 'maxLearners', notation: COUNT },
  { name: 'maxReaders', field: 'maxReaders', notation: COUNT },
  { name: 'failoverAfter', field: 'failoverAfterMs', notation: DURATION },
  { name: 'removeDelay', field: 'removeDelayMs', notation: DURATION },
  { name: 'learnerStall', field: 'learnerStallMs', notation: DURATION },
  { name: 'maxAutoRemovals', field: 'maxAutoRemovals', notation: COUNT },
  { name: 'removalWindow', field: 'removalWindowMs', notation: DURATION },
  { name: 'standbySyncInterval', field: 'standbySyncIntervalMs', notation: DURATION },
  { name: 'warmReserve', field: 'warmReserve', notation: FLAG },
  { name: 'spreadBy', field: 'spreadBy', notation: SPREAD },
];

/**
 * `current` with the settings written in `words` (`name=value`, one each) put over it. The value `default` takes a setting
 * back. Nothing is taken over when one word is wrong.
 */
export function parsePolicySettings(words: readonly string[], current: PolicySettings = {}): PolicySettingsResult {
  const settings: Record<string, unknown> = { ...current };
  const seen = new Set<string>();
  for (const word of words) {
    const cut = word.indexOf('=');
    if (cut < 1) return { ok: false, field: word, text: `'${word}' is not of the form name=value` };
    const [name, value] = [word.slice(0, cut), word.slice(cut + 1)];
    const setting = SETTINGS.find((candidate) => candidate.name === name);
    if (setting === undefined) return { ok: false, field: name, text: unknownSetting(name) };
    if (seen.has(name)) return { ok: false, field: name, text: `${name} is given twice` };
    seen.add(name);
    if (value === 'default') {
      delete settings[setting.field];
      continue;
    }
    const parsed = setting.notation.parse(value);
    if (parsed === undefined) {
      return { ok: false, field: name, text: `${name} must be ${setting.notation.expects}, not '${value}'` };
    }
    settings[setting.field] = parsed;
  }
  return { ok: true, settings: settings as PolicySettings };
}

/** The settings as they are written, one a line, in a fixed order; for a whole policy all of them. */
export function formatPolicySettings(settings: PolicySettings): string[] {
  return SETTINGS.flatMap((setting) => {
    const value = settings[setting.field];
    return value === undefined ? [] : [`${setting.name}=${formatValue(setting, value)}`];
  });
}

/** The names that may be set, in that order. */
export function policySettingNames(): string[] {
  return SETTINGS.map(({ name }) => name);
}

function formatValue(setting: Setting, value: Policy[keyof Policy]): string {
  // The field and its notation belong together by the type of the table; the compiler loses that in the union.
  return (setting.notation as Notation<Policy[keyof Policy]>).format(value);
}

function unknownSetting(name: string): string {
  return `there is no policy setting '${name}'; there are ${policySettingNames().join(', ')}`;
}

/** `join,size`, `all`, `none`: what is not named is off. Also `--promote=` of a member. */
export function parseTriggers(text: string): PromoteTriggers | undefined {
  const names = text === 'all' ? ['join', 'size', 'failover'] : text === 'none' ? [] : text.split(',');
  const known = names.every((name) => name === 'join' || name === 'size' || name === 'failover');
  if (!known || new Set(names).size < names.length) return undefined;
  return { join: names.includes('join'), size: names.includes('size'), failover: names.includes('failover') };
}

export function formatTriggers(triggers: PromoteTriggers): string {
  const names = (['join', 'size', 'failover'] as const).filter((name) => triggers[name]);
  return names.length === 0 ? 'none' : names.join(',');
}
