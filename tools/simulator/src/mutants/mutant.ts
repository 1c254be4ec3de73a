/**
 * A planted bug: one known mistake of the field, as a change of the source of a package. The published code knows nothing
 * of it. Each text must be found exactly once, so that a mutant never turns into no change unnoticed.
 */

export interface Edit {
  /** From the repository's root. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  readonly name: string;
  /** The mistake, in words. */
  readonly mistake: string;
  readonly edits: readonly Edit[];
}
