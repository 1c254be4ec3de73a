/**
 * What must never be seen, however slow the machine: something acknowledged is lost, or a read is stale. A test that
 * fails by it is not run a second time (`tools/dev/src/second-attempt.ts` knows it by how its message begins).
 */
export function expectSafe(what: string, violations: readonly unknown[]): void {
  if (violations.length === 0) return;
  const some = violations.slice(0, 10).map(String).join(', ');
  throw new Error(`safety violated: ${what}: ${violations.length}, such as ${some}`);
}
