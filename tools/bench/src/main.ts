/**
 * `pnpm bench`: real clusters on this machine, every write fsynced by a quorum, load from a process of its own. Where
 * `etcd` is installed, the same on it in the same run; without it, our figures alone.
 */
import { Command, Option } from 'commander';
import { benchIdle } from './idle.js';
import { benchLearnerCopy } from './learner-copy.js';
import { etcdVersion, machineFacts } from './machine.js';
import { benchMemory } from './memory.js';
import { benchPairs } from './pairs.js';
import { print } from './print.js';
import { benchStandbys } from './standbys.js';

const SCENARIOS = ['idle', 'memory', 'puts', 'learner', 'standbys'] as const;
type Scenario = (typeof SCENARIOS)[number];

const command = new Command('bench')
  .description('Measures clusters of real processes, beside etcd where it is installed.')
  .addOption(
    new Option('--only <scenarios...>', 'some of the scenarios')
      .choices(SCENARIOS)
      .default(SCENARIOS, SCENARIOS.join()),
  )
  .option('--pairs <count>', 'puts: interleaved runs of each load', Number, 5)
  .option('--puts <count>', 'puts: how many with 256 in flight', Number, 50_000)
  .option('--serial-puts <count>', 'puts: how many with 1 in flight', Number, 2000)
  .option('--value-bytes <bytes>', 'puts, memory: size of a value', Number, 256)
  .option('--rss-puts <count>', 'memory: puts before it is read', Number, 200_000)
  .option('--idle-seconds <seconds>', 'idle: how long', Number, 20)
  .option('--learner-megabytes <count>', 'learner: what it has to copy', Number, 500)
  .option('--learner-runs <count>', 'learner: copies, each on a cluster of its own', Number, 3)
  .option('--learner-load <count>', 'learner: puts a second meanwhile', Number, 1000)
  .option('--standbys <count>', 'standbys: how many', Number, 100)
  .option('--standby-seconds <seconds>', 'standbys: how long the leader is watched', Number, 60)
  .option('--no-etcd', 'measure only our own clusters');

const options = command.parse().opts<{
  only: readonly Scenario[];
  pairs: number;
  puts: number;
  serialPuts: number;
  valueBytes: number;
  rssPuts: number;
  idleSeconds: number;
  learnerMegabytes: number;
  learnerRuns: number;
  learnerLoad: number;
  standbys: number;
  standbySeconds: number;
  etcd: boolean;
}>();

const version = options.etcd ? etcdVersion() : null;
const etcd = version !== null;
print(machineFacts());
print(etcd ? `etcd ${version}, loaded by a minimal HTTP/2 client of the bench` : 'etcd: not measured');
print(`${options.valueBytes}-byte values, distinct keys; CPU in µs per put; servers leader first`);

const RUN: Readonly<Record<Scenario, () => Promise<void>>> = {
  idle: () => benchIdle(options.idleSeconds),
  memory: () => benchMemory(options.rssPuts, options.valueBytes),
  puts: () =>
    benchPairs({
      pairs: options.pairs,
      loads: [
        { inFlight: 256, puts: options.puts },
        { inFlight: 1, puts: options.serialPuts },
      ],
      valueBytes: options.valueBytes,
      etcd,
    }),
  learner: () =>
    benchLearnerCopy({
      runs: options.learnerRuns,
      megabytes: options.learnerMegabytes,
      putsPerSecond: options.learnerLoad,
      beforeSeconds: 30,
      etcd,
    }),
  standbys: () => benchStandbys({ count: options.standbys, seconds: options.standbySeconds }),
};
for (const scenario of options.only) await RUN[scenario]();
