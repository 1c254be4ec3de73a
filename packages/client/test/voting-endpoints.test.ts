import { expect, it } from 'vitest';
import { votingEndpoints } from '../src/voting-endpoints.js';

it('leaves out learners and members that have not started, and names each url once', () => {
  const members = [
    { isLearner: false, clientUrls: ['http://a:1', 'http://a:2'] },
    { isLearner: true, clientUrls: ['http://b:1'] },
    { isLearner: false, clientUrls: [] },
    { isLearner: false, clientUrls: ['http://c:1', 'http://a:1'] },
  ];
  expect(votingEndpoints(members)).toEqual(['http://a:1', 'http://a:2', 'http://c:1']);
});
