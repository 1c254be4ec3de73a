/**
 * The policy that holds now: what was set of it, replicated, over what this member's flags say where nothing was ever
 * set, over the defaults. The defaults follow from this member's own flags, so a leader judges by its own.
 */
import {
  formatPolicySettings,
  type Policy,
  type PolicyBasis,
  type PolicyResult,
  type PolicySettings,
  parsePolicySettings,
  resolvePolicy,
} from '@understudy/membership';
import type { Config } from '../config/config.js';
import type { LadderTable } from '../state/ladder-table.js';
import type { Logger } from '../telemetry/logger.js';

export interface CurrentPolicyDeps {
  /** It moves to another table when a snapshot is installed. */
  readonly state: { readonly ladder: LadderTable };
  readonly config: Config;
  readonly logger: Logger;
}

export type PolicyTrial =
  | { readonly ok: true; readonly settings: PolicySettings; readonly policy: Policy }
  | { readonly ok: false; readonly text: string };

export class CurrentPolicy {
  readonly #deps: CurrentPolicyDeps;
  readonly #basis: PolicyBasis;
  /** What the flags say; proposed where nobody has set anything yet. */
  readonly fromFlags: PolicySettings;
  #resolved: { readonly table: LadderTable; readonly version: number; readonly policy: Policy } | null = null;

  constructor(deps: CurrentPolicyDeps) {
    const { config } = deps;
    this.#deps = deps;
    this.#basis = { snapshotCount: config.snapshotCount, catchUpEntries: config.catchUpEntries };
    this.fromFlags = config.policySettings;
  }

  get version(): number {
    return this.#deps.state.ladder.policyVersion;
  }

  /** What somebody has set. */
  get settings(): PolicySettings {
    const { ladder } = this.#deps.state;
    return ladder.policyVersion === 0 ? this.fromFlags : (ladder.policyFields as PolicySettings);
  }

  get policy(): Policy {
    const { ladder: table } = this.#deps.state;
    const version = table.policyVersion;
    if (this.#resolved?.table !== table || this.#resolved.version !== version) {
      this.#resolved = { table, version, policy: this.#resolveSet(this.settings) };
    }
    return this.#resolved.policy;
  }

  /** Of a cluster in which nobody has set anything. */
  get defaults(): Policy {
    return this.#resolveSet({});
  }

  /** What the policy would be with these words (`name=value`) put over it. */
  tried(words: readonly string[]): PolicyTrial {
    const parsed = parsePolicySettings(words, this.settings);
    if (!parsed.ok) return parsed;
    const result = this.resolve(parsed.settings);
    return result.ok ? { ok: true, settings: parsed.settings, policy: result.policy } : result;
  }

  /** The policy that these settings give at this member. */
  resolve(settings: PolicySettings): PolicyResult {
    return resolvePolicy(settings, this.#basis);
  }

  /** Settings that were allowed under another leader's flags may not be so under ours: then our default stands. */
  #resolveSet(settings: PolicySettings): Policy {
    const result = this.resolve(settings);
    if (result.ok) return result.policy;
    const { [result.field as keyof Policy]: refused, ...rest } = settings;
    if (refused === undefined) throw new Error(`membership policy: ${result.text}`);
    this.#deps.logger.warn({ field: result.field, text: result.text }, 'a policy setting does not fit this member');
    return this.#resolveSet(rest);
  }
}

/** Name and value of every setting, as written. */
export function writtenSettings(settings: PolicySettings): [name: string, value: string][] {
  return formatPolicySettings(settings).map((word) => {
    const cut = word.indexOf('=');
    return [word.slice(0, cut), word.slice(cut + 1)];
  });
}
