import { describe, expect, it } from 'vitest';
import { HostGuard } from '../src/doors/host-guard.js';

const guard = new HostGuard({
  ownHosts: ['db.example'],
  extraHosts: ['alias.example'],
  origins: ['https://app.example'],
});

describe('host guard', () => {
  it.each([
    'localhost',
    'localhost:2379',
    '127.0.0.1:2379',
    '[::1]:2379',
    '10.1.2.3',
    'DB.example:2379',
    'alias.example',
  ])('accepts the host %s', (host) => {
    expect(guard.check(host, undefined)).toEqual({ ok: true });
  });

  it.each(['evil.example', 'evil.example:2379', 'localhost.evil.example', 'db.example.evil', ''])(
    'refuses the host "%s", as after DNS rebinding',
    (host) => {
      expect(guard.check(host, undefined)).toMatchObject({
        ok: false,
        text: expect.stringContaining('--host-whitelist'),
      });
    },
  );

  it('accepts our own origin and the listed ones, and refuses any other', () => {
    expect(guard.check('localhost:2379', 'http://localhost:2379').ok).toBe(true);
    expect(guard.check('localhost:2379', 'https://app.example').ok).toBe(true);
    expect(guard.check('localhost:2379', 'http://evil.example')).toMatchObject({ ok: false });
    expect(guard.check('localhost:2379', 'null')).toMatchObject({ ok: false });
  });

  it('accepts anything where * is listed', () => {
    const open = new HostGuard({ ownHosts: [], extraHosts: ['*'], origins: ['*'] });
    expect(open.check('evil.example', 'http://evil.example').ok).toBe(true);
  });
});
