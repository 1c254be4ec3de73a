/** Appends to the log in the directory given until it is killed, and prints each index once it is acknowledged. */
import { completed } from '@understudy/store/testing';
import { WalLevel } from '../src/index.js';
import { appendOf, MEMBER } from './memory-log.js';

const log = await WalLevel.open({ directory: process.argv[2] ?? '' }, { identity: MEMBER });
for (let index = 1; ; index++) {
  await completed((done) => log.append(appendOf(index, 1), done));
  process.stdout.write(`${index}\n`);
}
