import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../src/endpoint.js';

describe('parseEndpoint', () => {
  it.each([
    ['127.0.0.1:2379', 'ws://127.0.0.1:2379/'],
    ['localhost', 'ws://localhost:2379/'],
    ['node-1.example:80', 'ws://node-1.example:80/'],
    ['http://127.0.0.1:2379', 'ws://127.0.0.1:2379/'],
    [' http://127.0.0.1:2379/ ', 'ws://127.0.0.1:2379/'],
    ['https://db.example:443', 'wss://db.example/'],
    ['https://db.example/tenant', 'wss://db.example/tenant'],
    ['[::1]:2379', 'ws://[::1]:2379/'],
    ['ws://h:1', 'ws://h:1/'],
  ])('dials %s at %s', (text, url) => {
    const parsed = parseEndpoint(text);
    expect(parsed).toMatchObject({ ok: true, endpoint: { name: text.trim(), url, secure: url.startsWith('wss') } });
  });

  it.each([
    ['', 'an endpoint is empty'],
    ['ftp://h:1', '"ftp://h:1" has the scheme "ftp:"'],
    ['unix:///tmp/sock', '"unix:///tmp/sock" has the scheme "unix:"'],
    ['http://u:p@h:1', '"http://u:p@h:1" may have no user, password, query or fragment'],
    ['http://h:1/?a=b', '"http://h:1/?a=b" may have no user, password, query or fragment'],
    ['h:99999', '"h:99999" is neither host:port nor a url'],
    ['http://', '"http://" is neither host:port nor a url'],
  ])('refuses %j', (text, reason) => {
    expect(parseEndpoint(text)).toEqual({ ok: false, reason });
  });
});
