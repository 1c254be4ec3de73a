/** The ladder of one member, put together: the policy, what the leader does by itself, and an operator's commands. */
import type { Member } from '../services/member.js';
import type { LadderFigures } from '../telemetry/ladder-figures.js';
import { CurrentPolicy } from './current-policy.js';
import { LadderExecutor } from './executor.js';
import { MemberCommands } from './member-commands.js';
import { PolicyChanges } from './policy-changes.js';
import type { StandbyRegistry } from './standby-registry.js';

export interface Ladder {
  readonly policy: CurrentPolicy;
  readonly changes: PolicyChanges;
  readonly executor: LadderExecutor;
  readonly commands: MemberCommands;
}

/** Throws ConfigError where the flags give no policy. */
export function openLadder(member: Member, standbys: StandbyRegistry, figures: LadderFigures): Ladder {
  const policy = new CurrentPolicy(member);
  const executor = new LadderExecutor({ member, policy, standbys, figures });
  return {
    policy,
    changes: new PolicyChanges(member, policy),
    executor,
    commands: new MemberCommands({ member, policy, executor }),
  };
}
