/** An invariant that does not hold: the end of a run. The text has the members, indexes and terms that disagree. */

export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    /** The invariant's name, as in the README's table. */
    readonly invariant: string,
    text: string,
  ) {
    super(text);
  }
}
