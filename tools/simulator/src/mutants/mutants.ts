/** The known mistakes of the field that the simulator must find: in the core, the runtime, the log and the state. */
import { CORE_MUTANTS } from './core-mutants.js';
import type { Mutant } from './mutant.js';
import { RECOVERY_MUTANTS } from './recovery-mutants.js';
import { RUNTIME_MUTANTS } from './runtime-mutants.js';
import { STATE_MUTANTS } from './state-mutants.js';

export const MUTANTS: readonly Mutant[] = [...CORE_MUTANTS, ...RUNTIME_MUTANTS, ...RECOVERY_MUTANTS, ...STATE_MUTANTS];
