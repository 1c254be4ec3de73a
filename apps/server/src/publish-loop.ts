/**
 * A member makes itself known through the log: its name, its client URLs, its zone, the data directory it runs with and
 * which run of it this is, the protocol it speaks. Tried until it is done, at every change of leader and every second.
 */
import { PROTOCOL_MAX, PROTOCOL_MIN } from '@understudy/transport-ws';
import type { Member } from './services/member.js';
import { CommandKind } from './state/command.js';
import { encodeMemberRecord, type MemberRecord, type PublishedLife } from './state/member-record.js';
import type { PublishOutcome } from './state/apply-own.js';
import type { Logger } from './telemetry/logger.js';

const RETRY_MS = 1000;

export interface PublishedDirectory {
  readonly id: string;
  readonly life: PublishedLife;
}

export class PublishLoop {
  readonly #member: Member;
  readonly #directory: PublishedDirectory;
  readonly #logger: Logger;
  /** Another data directory has been seen under this id: this one must not serve. */
  readonly #onOtherDirectory: () => void;
  readonly #timer: NodeJS.Timeout;
  #trying = false;

  constructor(member: Member, directory: PublishedDirectory, logger: Logger, onOtherDirectory: () => void) {
    this.#member = member;
    this.#directory = directory;
    this.#logger = logger;
    this.#onOtherDirectory = onOtherDirectory;
    this.#timer = setInterval(() => this.poke(), RETRY_MS);
    this.poke();
  }

  /** Something changed that may let it succeed. */
  poke(): void {
    if (this.#trying || this.#member.node.leader === 0) return;
    const known = this.#member.state.members.get(this.#member.id);
    if (known === undefined || this.#isPublished(known)) return;
    this.#trying = true;
    this.#publish(known)
      .catch((error: unknown) => this.#logger.debug({ err: error }, 'could not publish this member yet'))
      .finally(() => {
        this.#trying = false;
      });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #isPublished(known: MemberRecord): boolean {
    const { config } = this.#member;
    return (
      known.name === config.name &&
      known.directoryId === this.#directory.id &&
      // A later run than this one is never taken back.
      (known.life?.bootCount ?? 0) >= this.#directory.life.bootCount &&
      known.zone === this.#zone(known) &&
      known.protocol?.min === PROTOCOL_MIN &&
      known.protocol.max === PROTOCOL_MAX &&
      known.clientUrls.join() === config.advertiseClientUrls.join()
    );
  }

  /** What was said when it was added holds where its own flags say nothing. */
  #zone(known: MemberRecord): string {
    const { zone } = this.#member.config;
    return zone === '' ? known.zone : zone;
  }

  async #publish(known: MemberRecord): Promise<void> {
    const { config } = this.#member;
    const record: MemberRecord = {
      ...known,
      name: config.name,
      clientUrls: config.advertiseClientUrls,
      directoryId: this.#directory.id,
      life: this.#directory.life,
      zone: this.#zone(known),
      protocol: { min: PROTOCOL_MIN, max: PROTOCOL_MAX },
    };
    const request = encodeMemberRecord(record);
    const outcome = await this.#member.proposeOwn<PublishOutcome>(CommandKind.PublishMember, request);
    if (outcome.ok) this.#logger.info({ clientUrls: record.clientUrls }, 'published this member to the cluster');
    else if (outcome.reason === 'other-directory') this.#onOtherDirectory();
  }
}
