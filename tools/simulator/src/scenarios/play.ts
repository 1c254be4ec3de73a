/** Plays a scenario: its faults as a schedule, its other steps on the clock of the run. */
import { type RunResult, runWith } from '../run.js';
import type { Fault } from '../faults/fault.js';
import type { World } from '../world.js';
import { LOOK_MS, type Scenario, setupOfScenario, type Step } from './scenario.js';
import { Stage } from './stage.js';

type Scripted = Exclude<Step, Fault>;

/** An expectation that is not met is a violation of the invariant `scenario`. */
export function play(scenario: Scenario, trace: ((line: string) => void) | null = null): RunResult {
  const faults: Fault[] = [];
  const scripted: Scripted[] = [];
  for (const step of scenario.steps) {
    if (step.kind === 'do' || step.kind === 'expect' || step.kind === 'always') scripted.push(step);
    else faults.push(step);
  }
  return runWith({ setup: setupOfScenario(scenario), faults }, trace, (world) => {
    const stage = new Stage(world);
    for (const step of scripted) world.clock.at(step.at, () => take(step, stage, world));
  });
}

function take(step: Scripted, stage: Stage, world: World): void {
  if (step.kind === 'do') {
    step.act(stage);
    return;
  }
  const { holds, kind, that } = step;
  const fail = (): never => world.checks.fail('scenario', `not so at ${world.clock.now} ms: ${that}`);
  const untilMs = kind === 'always' ? step.untilMs : step.at + (step.withinMs ?? 0);
  const look = (): void => {
    const met = holds(stage);
    if (kind === 'expect' && met) return;
    if (kind === 'always' && !met) fail();
    if (world.clock.now + LOOK_MS <= untilMs) world.clock.after(LOOK_MS, look);
    else if (!met) fail();
  };
  look();
}
