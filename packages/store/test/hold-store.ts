/** Keeps the store in the directory given open until it is killed, and says when it has it. */
import { openLevelStore } from '../src/index.js';

await openLevelStore(process.argv[2] ?? '');
process.stdout.write('open\n');
setInterval(() => undefined, 60_000);
