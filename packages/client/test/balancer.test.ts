import { describe, expect, it } from 'vitest';
import { type Candidate, type EndpointRole, pickEndpoint } from '../src/balancer.js';

function candidate(role: EndpointRole, state: 'open' | 'dialling' | 'closed', retryAtMs = 0): Candidate {
  return { role, open: state === 'open', dialling: state === 'dialling', retryAtMs };
}

const REQUEST = { preferLeader: true, avoid: -1, turn: 0, nowMs: 1000 };

describe('pickEndpoint', () => {
  it('sends to the leader when it is open and asked for, whoever has the turn', () => {
    const all = [candidate('voter', 'open'), candidate('leader', 'open'), candidate('voter', 'open')];
    for (const turn of [0, 1, 2, 7]) {
      expect(pickEndpoint(all, { ...REQUEST, turn })).toEqual({ action: 'send', index: 1 });
    }
  });

  it('takes turns among open voters when the leader is not asked for', () => {
    const all = [candidate('voter', 'open'), candidate('leader', 'open'), candidate('unknown', 'open')];
    const picks = [0, 1, 2, 3].map((turn) => pickEndpoint(all, { ...REQUEST, preferLeader: false, turn }));
    expect(picks).toEqual([0, 1, 2, 0].map((index) => ({ action: 'send', index })));
  });

  it('never sends to a learner or a standby, even when nothing else is open', () => {
    const all = [candidate('learner', 'open'), candidate('standby', 'open'), candidate('voter', 'closed', 5000)];
    expect(pickEndpoint(all, REQUEST)).toEqual({ action: 'wait', untilMs: 5000 });
  });

  it('prefers a connection that is open over dialling the next in turn', () => {
    const all = [candidate('unknown', 'closed'), candidate('voter', 'open')];
    expect(pickEndpoint(all, REQUEST)).toEqual({ action: 'send', index: 1 });
  });

  it('dials another endpoint rather than going back to the one that just failed', () => {
    const all = [candidate('leader', 'open'), candidate('unknown', 'closed')];
    expect(pickEndpoint(all, { ...REQUEST, avoid: 0 })).toEqual({ action: 'dial', index: 1 });
  });

  it('goes back to the one that just failed when it is the only one', () => {
    expect(pickEndpoint([candidate('leader', 'open')], { ...REQUEST, avoid: 0 })).toEqual({ action: 'send', index: 0 });
    const others = [candidate('leader', 'open'), candidate('unknown', 'closed', 9000)];
    expect(pickEndpoint(others, { ...REQUEST, avoid: 0 })).toEqual({ action: 'send', index: 0 });
  });

  it('waits for the earliest time at which a failed endpoint may be dialled again', () => {
    const all = [
      candidate('voter', 'closed', 4000),
      candidate('voter', 'closed', 3000),
      candidate('voter', 'dialling'),
    ];
    expect(pickEndpoint(all, REQUEST)).toEqual({ action: 'wait', untilMs: 3000 });
  });

  it('dials a learner again once its time has come', () => {
    const all = [candidate('learner', 'closed', 900)];
    expect(pickEndpoint(all, REQUEST)).toEqual({ action: 'dial', index: 0 });
  });

  it('only waits while the one endpoint is being dialled', () => {
    expect(pickEndpoint([candidate('unknown', 'dialling')], REQUEST)).toEqual({ action: 'wait', untilMs: undefined });
  });
});
