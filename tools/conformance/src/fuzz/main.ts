/** `fuzz --seeds 20 --operations 1000`: the same random calls to a real etcd and to the server, answers compared. */
import { parseArgs } from 'node:util';
import { ALLOWED } from './differences.js';
import { fuzz } from './run.js';

const USAGE = `usage: fuzz [--seed N] [--seeds N] [--operations N] [--trace] [--etcd]

  --seed N         the first seed (1)
  --seeds N        how many seeds, each with fresh servers (20)
  --operations N   how many operations a seed (1000)
  --trace          print each operation
  --etcd           hold a second etcd against etcd: shows that the comparison is fair
  --help           print this

exit code 0: all answers were equal; 1: they were not; 2: the flags were not understood`;

const FLAGS = {
  seed: { type: 'string', default: '1' },
  seeds: { type: 'string', default: '20' },
  operations: { type: 'string', default: '1000' },
  trace: { type: 'boolean', default: false },
  etcd: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: FLAGS });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [seed, seeds, operations] = [values.seed, values.seeds, values.operations].map(readCount) as [
    number,
    number,
    number,
  ];
  let total = 0;
  for (let at = seed; at < seed + seeds; at += 1) {
    const result = await fuzz({
      seed: at,
      operations,
      kind: values.etcd ? 'etcd' : 'understudy',
      ...(values.trace ? { onOperation: (n, op) => console.log(`${n} ${JSON.stringify(op)}`) } : {}),
    });
    total += result.agreed;
    if (result.difference !== null) {
      const { operation, lines } = result.difference;
      console.log(`seed ${at}, operation ${result.agreed}: ${JSON.stringify(operation)}\n  ${lines.join('\n  ')}`);
      return 1;
    }
    console.log(`seed ${at}: ${result.agreed} operations, ${result.events} events, ${result.errors} refusals, equal`);
  }
  console.log(`${total} operations, no difference; allowed to differ:`);
  for (const { path, reason } of ALLOWED) console.log(`  ${path.source}: ${reason}`);
  return 0;
}

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new TypeError(`not a positive number: '${text}'`);
  return count;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`fuzz: ${(error as Error).message}`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
