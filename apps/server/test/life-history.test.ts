// Any history of a member and of one that watches it: the honest are never accused, and who was put back is found out
// wherever something was seen of what it forgot.
import type { PeerHello } from '@understudy/transport-ws';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Acknowledged } from '../src/recovery/judge-life.js';
import { LifeWitness } from '../src/recovery/life-witness.js';
import { laterLife, type PublishedLife } from '../src/state/member-record.js';

/** What is on a member's disk. */
interface Disk {
  readonly boots: number;
  readonly term: number;
  readonly last: number;
}

type Step =
  /** The watcher leads in a later term, or goes on leading, and the member acknowledges so many entries. */
  | { readonly kind: 'append'; readonly newTerm: boolean; readonly entries: number; readonly committed: boolean }
  /** Somebody else leads, and cuts off what is not committed, or adds to it. */
  | { readonly kind: 'other-leader'; readonly entries: number }
  | { readonly kind: 'vote' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'publish' }
  | { readonly kind: 'part' }
  | { readonly kind: 'watcher-restarts' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    newTerm: fc.boolean(),
    entries: fc.integer({ min: 1, max: 9 }),
    committed: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('other-leader' as const), entries: fc.nat(5) }),
  fc.constantFrom<Step>(
    { kind: 'vote' },
    { kind: 'restart' },
    { kind: 'publish' },
    { kind: 'part' },
    { kind: 'watcher-restarts' },
  ),
);

class History {
  disk: Disk = { boots: 0, term: 1, last: 0 };
  committed = 0;
  published: PublishedLife | null = null;
  /** What the watcher has of the member as a leader; null where it does not lead. */
  leading: Acknowledged | null = null;
  hello: PeerHello;
  /** Since it lives, or for ever: the highest count of a run that the watcher knows. */
  known = 0;
  witness = this.watch();
  #lives = 0;

  constructor() {
    this.hello = this.open();
    this.greet();
  }

  /** A run on what the disk holds. */
  open(): PeerHello {
    this.disk = { ...this.disk, boots: this.disk.boots + 1 };
    this.hello = {
      memberId: 2,
      directoryId: 'd',
      bootCount: this.disk.boots,
      life: {
        lifeId: ++this.#lives,
        openedTerm: this.disk.term,
        openedIndex: this.disk.last,
        recovering: false,
        voteLost: false,
      },
      stream: 'control',
      protocol: 1,
      dialledBy: 'peer',
    };
    return this.hello;
  }

  greet(): string | null {
    const verdict = this.witness.judge(this.hello);
    if (verdict === null) {
      this.witness.greeted(this.hello);
      this.known = Math.max(this.known, this.hello.bootCount);
    }
    return verdict;
  }

  take(step: Step): void {
    const { disk } = this;
    switch (step.kind) {
      case 'append': {
        const term = step.newTerm || this.leading === null ? disk.term + 1 : disk.term;
        const last = disk.last + step.entries;
        if (step.committed) this.committed = last;
        this.disk = { ...disk, term, last };
        this.leading = { term, match: last, commit: this.committed };
        break;
      }
      case 'other-leader':
        this.leading = null;
        this.disk = { ...disk, term: disk.term + 1, last: Math.max(this.committed, disk.last - 3) + step.entries };
        break;
      case 'vote':
        this.leading = null;
        this.disk = { ...disk, term: disk.term + 1 };
        break;
      case 'restart':
        this.witness.parted(this.hello);
        this.open();
        break;
      case 'publish':
        this.published = laterLife(this.published, { bootCount: disk.boots, lifeId: this.hello.life.lifeId });
        this.known = Math.max(this.known, disk.boots);
        break;
      case 'part':
        this.witness.parted(this.hello);
        break;
      case 'watcher-restarts':
        this.leading = null;
        this.known = this.published?.bootCount ?? 0;
        this.witness = this.watch();
        break;
    }
  }

  private watch(): LifeWitness {
    return new LifeWitness({
      published: () => this.published,
      acknowledged: () => this.leading,
      logger: { warn: () => undefined },
    });
  }
}

it('a member that forgot nothing is never accused, whatever it and the watcher go through', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60 }), (all) => {
      const history = new History();
      for (const step of all) {
        history.take(step);
        expect(history.greet()).toBeNull();
      }
    }),
    { numRuns: 2_000 },
  );
});

it('a copy that is put back is found out wherever a later run was met or published', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(steps, { minLength: 2, maxLength: 40 }), fc.nat(), (all, at) => {
      const history = new History();
      let copy = history.disk;
      for (const [i, step] of all.entries()) {
        if (i === at % all.length) copy = history.disk;
        history.take(step);
        history.greet();
      }
      history.disk = copy;
      history.witness.parted(history.hello);
      history.open();
      const { known } = history;
      const verdict = history.greet();
      if (known > copy.boots) {
        found++;
        expect(verdict).not.toBeNull();
      }
    }),
    { numRuns: 2_000 },
  );
  expect(found).toBeGreaterThan(200);
});

it('a copy of a run that went on is found out by whoever led when it acknowledged more', () => {
  fc.assert(
    fc.property(
      fc.array(steps, { maxLength: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (all, entries, led) => {
        const history = new History();
        for (const step of all) {
          history.take(step);
          history.greet();
        }
        const copy = history.disk;
        history.take({ kind: 'append', newTerm: false, entries, committed: true });
        history.witness.parted(history.hello);
        // It may lead no more by the time the copy comes.
        if (!led) history.leading = null;
        history.disk = copy;
        history.open();
        expect(history.greet()).not.toBeNull();
      },
    ),
    { numRuns: 1_000 },
  );
});
