/**
 * Plays transcripts against a real etcd and writes down what it printed: `record transcripts/kv.txt ...`. What is
 * expected of the server is made by this alone, never by hand.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { play } from './etcdctl/session.js';
import { parseTranscript, printTranscript, type Step } from './etcdctl/transcript.js';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: record <transcript> ...');
  process.exitCode = 2;
}
for (const file of files) {
  const transcript = parseTranscript(await readFile(file, 'utf8'));
  const played: Step[] = [];
  const onStep = (_expected: Step, actual: Step): void => void played.push(actual);
  try {
    await writeFile(file, printTranscript(await play(transcript, { kind: 'etcd', onStep })));
    console.log(`recorded ${file}`);
  } catch (error) {
    console.error(`${printTranscript({ ...transcript, steps: played })}\n${file}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
