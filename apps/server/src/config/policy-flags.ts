/**
 * What the flags say of the membership policy: `--policy`, and `--max-learners`, which etcd has. Checked with everything else
 * that was given, so that a wrong word is refused before there is a data directory.
 */
import { type PolicyBasis, type PolicySettings, parsePolicySettings, resolvePolicy } from '@understudy/membership';
import type { GivenFlags } from './command-line.js';
import { ConfigError } from './config-error.js';

/** `basis`: what of this server the policy's defaults and limits follow from. */
export function policyOfFlags(flags: GivenFlags, basis: PolicyBasis): PolicySettings {
  const words = (flags.text('policy') ?? '').split(/\s+/).filter((word) => word !== '');
  const maxLearners = flags.count('max-learners');
  const parsed = parsePolicySettings(words, maxLearners === undefined ? {} : { maxLearners });
  if (!parsed.ok) throw new ConfigError(`--policy: ${parsed.text}`);
  const { settings } = parsed;
  const result = resolvePolicy(settings, basis);
  if (result.ok) return settings;
  const byOther = result.field === 'maxLearners' && !words.some((word) => word.startsWith('maxLearners='));
  throw new ConfigError(`--${byOther ? 'max-learners' : 'policy'}: ${result.text}`);
}
