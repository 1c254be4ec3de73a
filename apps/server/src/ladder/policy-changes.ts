/** Changes of the policy by an operator: understood, checked as a whole, and put into the log. */
import type { Policy, PolicySettings } from '@understudy/membership';
import type { Member } from '../services/member.js';
import type { Call } from '../services/rpc.js';
import { CommandKind } from '../state/command.js';
import { encodeLadderCommand, type SetPolicy } from '../state/ladder-command.js';
import type { LadderOutcome } from '../state/ladder-table.js';
import type { CurrentPolicy } from './current-policy.js';

export type PolicyChange =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'invalid' | 'other-version'; readonly text: string };

/** Somebody else may have been faster. */
const ATTEMPTS = 5;

export class PolicyChanges {
  readonly #member: Member;
  readonly #policy: CurrentPolicy;

  constructor(member: Member, policy: CurrentPolicy) {
    this.#member = member;
    this.#policy = policy;
  }

  /**
   * `words` are written `name=value`; the value `default` takes a setting back. With `version`, refused where the policy
   * has another one.
   */
  async setPolicy(words: readonly string[], version: number | null, call: Call): Promise<PolicyChange> {
    if (words.length === 0) return { ok: false, reason: 'invalid', text: 'no setting is given' };
    for (let attempt = 1; ; attempt += 1) {
      const now = this.#policy.version;
      if (version !== null && version !== now) return otherVersion(now, version);
      const { settings: before } = this.#policy;
      const tried = this.#policy.tried(words);
      if (!tried.ok) return { ok: false, reason: 'invalid', text: tried.text };
      const command = encodeLadderCommand({ version: now, ...difference(before, tried.settings, now === 0) });
      const outcome = await this.#member.propose<LadderOutcome>(CommandKind.SetPolicy, command, undefined, call);
      if (outcome.ok) return { ok: true };
      if (attempt === ATTEMPTS) return otherVersion(this.#policy.version, now);
    }
  }
}

function otherVersion(now: number, wanted: number): PolicyChange {
  return { ok: false, reason: 'other-version', text: `the policy has version ${now}, not ${wanted}` };
}

/** `whole`: nothing is in the log yet, so that what the flags say must go there too. */
function difference(before: PolicySettings, after: PolicySettings, whole: boolean): Pick<SetPolicy, 'set' | 'reset'> {
  const fields = Object.entries(after) as [keyof Policy, unknown][];
  const set = Object.fromEntries(fields.filter(([field, value]) => whole || before[field] !== value));
  return { set, reset: Object.keys(before).filter((field) => !(field in after)) };
}
