/** An invariant that does not hold: the end of a run. The text has the members, indexes and terms that disagree. */

/** As it leaves a run: plain data, that can be sent between threads. */
export interface Broken {
  readonly invariant: string;
  readonly message: string;
}

export class Violation extends Error implements Broken {
  override readonly name = 'Violation';

  constructor(
    /** The invariant's name, as in the README's table. */
    readonly invariant: string,
    text: string,
  ) {
    super(text);
  }
}
