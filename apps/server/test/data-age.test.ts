import { describe, expect, it } from 'vitest';
import { DataAge } from '../src/services/data-age.js';

interface Asked {
  readonly answer: (error?: Error) => void;
}

function begin(maxStalenessMs: number): { age: DataAge; asked: Asked[]; at: (nowMs: number) => void } {
  let nowMs = 0;
  const asked: Asked[] = [];
  const readBarrier = (): Promise<void> =>
    new Promise((resolve, reject) => {
      asked.push({ answer: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  const age = new DataAge({ readBarrier, now: () => nowMs }, { maxStalenessMs, timeoutMs: 1000 });
  return { age, asked, at: (moment) => (nowMs = moment) };
}

describe('the age of what is served', () => {
  it('is not known before a leader has answered, and counts from the asking, not from the answer', async () => {
    const { age, asked, at } = begin(0);
    await age.check();
    expect(age.boundMs).toBeNull();
    at(70);
    asked[0]?.answer();
    await Promise.resolve();
    expect(age.boundMs).toBe(70);
    at(90);
    expect(age.boundMs).toBe(90);
  });

  it('is asked for once, however many read, and not again so soon', async () => {
    const { age, asked, at } = begin(0);
    await Promise.all([age.check(), age.check(), age.check()]);
    expect(asked).toHaveLength(1);
    asked[0]?.answer();
    await new Promise(setImmediate);
    at(50);
    await age.check();
    expect(asked).toHaveLength(1);
    at(150);
    await age.check();
    expect(asked).toHaveLength(2);
  });

  it('makes a read wait for an answer where it may be too old, and refuses it where none comes', async () => {
    const { age, asked, at } = begin(200);
    const first = age.check();
    asked[0]?.answer();
    await first;
    at(300);
    const second = age.check();
    at(320);
    asked[1]?.answer();
    await second;
    expect(age.boundMs).toBe(20);
    at(900);
    const third = age.check();
    asked[2]?.answer(new Error('no leader'));
    await expect(third).rejects.toMatchObject({
      message: 'understudy: the data of this member is up to 600 ms old, and --max-staleness is 200 ms',
      retryable: true,
    });
  });

  it('of a member that has never heard a leader is refused where there is a limit', async () => {
    const { age, asked } = begin(200);
    const read = age.check();
    asked[0]?.answer(new Error('no leader'));
    await expect(read).rejects.toThrow('of an unknown age');
  });
});
