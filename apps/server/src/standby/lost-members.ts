/**
 * Members whose machines came back without their data: such a machine asks to stand by with the peer URLs of a member, so
 * that member will never answer again. It is proof only as long as the member stays silent; one that answers later shows
 * that the machine is another with the same URLs, which proves nothing from then on. All of it is one leader's knowledge.
 */
export class LostMembers {
  /** When each was heard last, on the clock of the caller; null where it never was. */
  readonly #answeredAtMs: (memberId: number) => number | null;
  /** When a machine asked first and last. */
  readonly #claims = new Map<number, { readonly firstMs: number; readonly lastMs: number }>();
  /** Registrations of machines that are others; few. */
  readonly #impostors = new Set<string>();

  constructor(answeredAtMs: (memberId: number) => number | null) {
    this.#answeredAtMs = answeredAtMs;
  }

  /** The machine of this registration asks with the member's peer URLs. True where that is news. */
  claimed(memberId: number, registration: string, nowMs: number): boolean {
    if (this.#isContested(memberId)) this.#impostors.add(registration);
    if (this.#impostors.has(registration)) {
      this.#claims.delete(memberId);
      return false;
    }
    const known = this.#claims.get(memberId);
    this.#claims.set(memberId, { firstMs: known?.firstMs ?? nowMs, lastMs: nowMs });
    return known === undefined;
  }

  /** Those for whom a machine has asked since then. */
  since(sinceMs: number): ReadonlySet<number> {
    const claims = [...this.#claims].filter(([id, { lastMs }]) => lastMs >= sinceMs && !this.#isContested(id));
    return new Set(claims.map(([id]) => id));
  }

  clear(): void {
    this.#claims.clear();
    this.#impostors.clear();
  }

  #isContested(memberId: number): boolean {
    const claim = this.#claims.get(memberId);
    return claim !== undefined && (this.#answeredAtMs(memberId) ?? Number.NEGATIVE_INFINITY) > claim.firstMs;
  }
}
