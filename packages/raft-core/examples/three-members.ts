import { type ConfState, EMPTY_CONF_STATE, type Message, RawNode } from '@understudy/raft-core';
import { bootstrappedLog } from '@understudy/raft-core/testing';

/** Three members in one process, which agree on a greeting. Returns what each of them applied. */
export function example(): string[] {
  const confState: ConfState = { ...EMPTY_CONF_STATE, voters: [1, 2, 3] };
  const wire: Message[] = [];
  const members = confState.voters.map((id) => {
    const log = bootstrappedLog(confState, 1, 1); // yours is durable
    const node = new RawNode({ storage: log, random: (max) => (id * 3) % max }, { id, applied: 1, preVote: true });
    return { log, node, applied: '' };
  });

  const turn = (): void => {
    for (const member of members) {
      if (!member.node.hasReady()) continue;
      const ready = member.node.ready();
      if (ready.hardState !== null) member.log.hardState = ready.hardState; // 1. durable, before anything is sent
      member.log.append(ready.entries);
      wire.push(...ready.messages); // 2. sent
      for (const entry of ready.committedEntries) member.applied += String.fromCharCode(...entry.data); // 3. applied
      member.node.advance(); // 4. done
    }
    for (const message of wire.splice(0)) members[message.to - 1]?.node.step(message);
  };

  while (members.every(({ node }) => node.lead === 0)) {
    for (const { node } of members) node.tick(); // yours comes from a timer
    turn();
  }
  for (let turns = 0; turns < 10; turns++) turn();
  members[2]?.node.propose([Uint8Array.from([104, 105])]); // on any member: a follower sends it on
  for (let turns = 0; turns < 10; turns++) turn();
  return members.map(({ applied }) => applied);
}
