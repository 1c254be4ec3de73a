// The closing counts of a tier.
import type { StepResult } from './tier-step.js';

export interface TierSummary {
  readonly passed: number;
  readonly failed: number;
  readonly steps: readonly StepResult[];
}

export function summarize(steps: readonly StepResult[]): TierSummary {
  let passed = 0;
  let failed = 0;
  for (const step of steps) {
    passed += step.passed;
    failed += step.failed;
  }
  return { passed, failed, steps };
}

export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}
