/** A process that hosts many standbys, by the code of a standby. Arguments: COUNT URLS. Says when all are registered. */
import { createLogger, hostStandbys } from '@understudy/server';
import { waitUntil } from '@understudy/testbed';

const REGISTER_TIMEOUT_MS = 60_000;

const [count = '', urls = ''] = process.argv.slice(2);
const logger = createLogger('hosted', 'error', 'json');
const hosted = hostStandbys({ logger }, { count: Number(count), join: urls.split(',') });
await waitUntil(`${count} standbys are registered`, () => hosted.registered === Number(count), REGISTER_TIMEOUT_MS);
process.stdout.write(`registered ${hosted.registered}\n`);
