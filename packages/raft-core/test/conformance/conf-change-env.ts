/** Runs the config change scripts: one tracker, whose last index counts the commands. */
import { type ConfChangeOutcome, enterJoint, leaveJoint, simpleChange } from '../../src/changer.js';
import { resolveOptions } from '../../src/options.js';
import { ProgressTracker } from '../../src/progress-tracker.js';
import { progressStatus } from '../../src/status.js';
import { describeConfig, describeProgress } from '../../src/testing/index.js';
import { parseChanges } from './conf-change-words.js';
import { type Block, readBoolean } from './script.js';

export class ConfChangeEnv {
  private readonly tracker = new ProgressTracker(resolveOptions({ id: 1, maxInflightMessages: 10 }));
  private lastIndex = 0;

  handle(block: Block): string {
    try {
      const outcome = this.change(block);
      if (!outcome.ok) return outcome.reason;
      this.tracker.adopt(outcome.confState, outcome.fresh, this.lastIndex);
      const lines = this.tracker.members.map((progress) => describeProgress(progressStatus(progress)));
      return [describeConfig(outcome.confState), ...lines].join('\n');
    } catch (error) {
      return (error as Error).message;
    } finally {
      this.lastIndex++;
    }
  }

  private change({ args, command, input }: Block): ConfChangeOutcome {
    const changes = parseChanges(input);
    const { confState } = this.tracker;
    switch (command) {
      case 'simple':
        return simpleChange(confState, changes);
      case 'enter-joint':
        return enterJoint(
          confState,
          changes,
          readBoolean(args.find(({ key }) => key === 'autoleave')?.values[0] ?? 'false'),
        );
      case 'leave-joint':
        return changes.length > 0 ? { ok: false, reason: 'this command takes no input' } : leaveJoint(confState);
      default:
        return { ok: false, reason: 'unknown command' };
    }
  }
}
