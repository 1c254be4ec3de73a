/** Plays a transcript against a cluster and gives what was really printed, as the same transcript with other outcomes. */
import type { ServerKind } from '@understudy/testbed';
import { Command } from './command.js';
import { Target } from './target.js';
import { type Outcome, splitWords, type Step, type Transcript } from './transcript.js';

export interface PlayOptions {
  readonly kind: ServerKind;
  /** Told each step that has an outcome, with the real one, normalized. */
  readonly onStep?: (expected: Step, actual: Step) => void;
}

export async function play(transcript: Transcript, options: PlayOptions): Promise<Transcript> {
  const target = await Target.start(options.kind, transcript.voters);
  const session = new Session(target);
  const steps: Step[] = [];
  try {
    for (const step of transcript.steps) {
      const actual = await session.play(step);
      options.onStep?.(step, actual);
      steps.push(actual);
    }
  } finally {
    await session.close();
    await target.stop();
  }
  return { voters: transcript.voters, steps };
}

class Session {
  readonly #target: Target;
  readonly #running = new Map<string, Command>();

  constructor(target: Target) {
    this.#target = target;
  }

  async play(step: Step): Promise<Step> {
    switch (step.kind) {
      case 'comment':
        return step;
      case 'run':
        return { ...step, expected: this.#normalize(await this.#start(step.line, step.stdin).end(), step.sorted) };
      case 'start':
        this.#running.set(step.name, this.#start(step.line, []));
        return step;
      case 'await':
        return { ...step, expected: this.#normalize(await this.#find(step.name).lines(step.lines)) };
      case 'interrupt': {
        const command = this.#find(step.name);
        this.#running.delete(step.name);
        return { ...step, expected: this.#normalize(await command.interrupt()) };
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((command) => command.interrupt()));
  }

  #start(line: string, stdin: readonly string[]): Command {
    const { placeholders, endpoints } = this.#target;
    const words = splitWords(placeholders.expand(line));
    const env: Record<string, string> = { ETCDCTL_API: '3' };
    while (/^\w+=/.test(words[0] ?? '')) {
      const [name = '', ...value] = (words.shift() as string).split('=');
      env[name] = value.join('=');
    }
    if (words[0] === 'etcdctl') words.splice(1, 0, ...defaults(words, endpoints));
    return new Command(
      words,
      env,
      stdin.map((text) => placeholders.expand(text)),
    );
  }

  #find(name: string): Command {
    const command = this.#running.get(name);
    if (command === undefined) throw new Error(`no command called '${name}' is running`);
    return command;
  }

  #normalize(outcome: Outcome, sorted = false): Outcome {
    const { placeholders } = this.#target;
    const stdout = outcome.stdout.map((line) => placeholders.normalize(line));
    // The client library's own log lines speak of its connections, not of what was asked.
    const told = outcome.stderr.filter((line) => !line.startsWith('{"level"'));
    const stderr = told.map((line) => placeholders.normalize(line));
    return sorted
      ? { stdout: stdout.sort(), stderr: stderr.sort(), code: outcome.code }
      : { ...outcome, stdout, stderr };
  }
}

/** What a line does not say itself; patient enough for a slow machine. */
function defaults(words: readonly string[], endpoints: string): string[] {
  const flags = [`--endpoints=${endpoints}`, '--dial-timeout=20s', '--command-timeout=30s'];
  return flags.filter((flag) => !words.some((word) => word.startsWith(flag.slice(0, flag.indexOf('=') + 1))));
}
