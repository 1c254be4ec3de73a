/** A learner becomes a voter only when its log is close to the leader's: a voter that lags would count and not help. */
import { PROMOTE_MAX_LAG } from '../setup.js';
import type { Process } from '../process.js';
import { Violation } from '../violation.js';
import type { Check } from './check.js';
import type { Ledger } from './ledger.js';

export class PromotionRules implements Check {
  readonly name = 'promotion-rules';

  constructor(private readonly ledger: Ledger) {}

  onPromote({ id }: Process, learner: number): void {
    const last = this.ledger.member(id).durable.last;
    const has = this.ledger.member(learner).durable.last;
    if (last - has <= PROMOTE_MAX_LAG) return;
    const what = `${last - has} entries behind leader ${id}; at most ${PROMOTE_MAX_LAG} are allowed`;
    throw new Violation(this.name, `learner ${learner} is promoted ${what}`);
  }
}
