/** Flags that both servers understand: nothing is logged while it is measured. */
export const QUIET: readonly string[] = ['--log-level=error'];
