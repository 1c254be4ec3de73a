// The same as in the quick tier, many times as often.
import { it } from 'vitest';
import { fuzzHttp2 } from './http2-fuzz.js';

it('bytes of any kind end an HTTP/2 connection or do not, and break nothing', { timeout: 600_000 }, () =>
  fuzzHttp2(20_000),
);
