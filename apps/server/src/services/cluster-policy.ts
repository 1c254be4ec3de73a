/** understudy.v1.Ladder, the policy: to read it, to change it, all of it or nothing, to pause and to resume. */
import { LadderService, type PolicySetRequest, type PolicySetting, RpcError, StatusCode } from '@understudy/protocol';
import { writtenSettings } from '../ladder/current-policy.js';
import type { Ladder } from '../ladder/ladder.js';
import type { AddLadderMethod } from './cluster-ladder.js';
import type { Member } from './member.js';
import type { Call } from './rpc.js';

export function addPolicyMethods(add: AddLadderMethod, member: Member, { policy, changes }: Ladder): void {
  const { methods } = LadderService;
  const answer = () => ({ header: member.header(), version: policy.version, settings: settings() });
  const settings = (): PolicySetting[] => {
    const set = new Map(writtenSettings(policy.settings));
    const defaults = new Map(writtenSettings(policy.defaults));
    return writtenSettings(policy.policy).map(([name, value]) => ({
      name,
      value,
      defaultValue: defaults.get(name) ?? '',
      isSet: set.has(name),
    }));
  };
  const set = async ({ fields, reset, version }: PolicySetRequest, call: Call): Promise<void> => {
    const words = [...fields.map(({ name, value }) => `${name}=${value}`), ...reset.map((name) => `${name}=default`)];
    const outcome = await changes.setPolicy(words, version === 0 ? null : version, call);
    if (outcome.ok) return;
    const code = outcome.reason === 'invalid' ? StatusCode.INVALID_ARGUMENT : StatusCode.FAILED_PRECONDITION;
    throw new RpcError(code, `understudy: ${outcome.text}`, { outcome: 'not-applied' });
  };
  const pause = async (paused: boolean, call: Call) => {
    const changed = policy.policy.paused !== paused;
    const fields = [{ name: 'paused', value: String(paused) }];
    if (changed) await set({ fields, reset: [], version: 0 }, call);
    return { header: member.header(), changed };
  };
  add(methods.policyGet, async () => answer(), true);
  add(methods.policySet, async (request, call) => {
    await set(request, call);
    return answer();
  });
  add(methods.pause, (_request, call) => pause(true, call), true);
  add(methods.resume, (_request, call) => pause(false, call), true);
}
