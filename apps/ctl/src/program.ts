// The command line: all commands with their flags, and one run of it from arguments to exit code.
import { Command, CommanderError } from 'commander';
import { addAlarmCommands } from './commands/alarm.js';
import { addAuthCommands } from './commands/auth.js';
import { addCheckCommands } from './commands/check.js';
import { addCompletionCommands } from './commands/completion.js';
import { addDefragCommand } from './commands/defrag.js';
import { addEndpointCommands } from './commands/endpoint.js';
import { addKvCommands } from './commands/kv.js';
import { addLadderCommands } from './commands/ladder.js';
import { addLeaseCommands } from './commands/lease.js';
import { addLockCommands } from './commands/lock.js';
import { addMirrorCommand } from './commands/make-mirror.js';
import { addMemberCommands } from './commands/member.js';
import { addMoveLeaderCommand } from './commands/move-leader.js';
import { addRoleCommands } from './commands/role.js';
import { addSnapshotCommands } from './commands/snapshot.js';
import { addTxnCommand } from './commands/txn.js';
import { addRecoverCommand } from './commands/recover.js';
import { addUserCommands } from './commands/user.js';
import { addWalCommands } from './commands/wal.js';
import { addVersionCommand } from './commands/version.js';
import { addWatchCommand } from './commands/watch.js';
import { badArgs, CtlError, describeError, ExitCode, exitCodeOf } from './exit-code.js';
import { addGlobalFlags } from './global-flags.js';
import { goStyleArguments } from './go-style-arguments.js';
import { type Io, lineWriter } from './io.js';
import type { RunContext } from './run-context.js';

const NAME = 'understudyctl';

function buildProgram(context: RunContext): Command {
  const { io } = context;
  const program = new Command(NAME).description('the command line of Understudy, in the shape of etcdctl');
  program.exitOverride().showHelpAfterError(false).helpCommand(true);
  program.configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() });
  program.configureOutput({
    writeOut: (text) => io.stdout(Buffer.from(text)),
    // Errors are printed once, at the end of the run.
    writeErr: () => {},
  });
  addGlobalFlags(program);
  addKvCommands(program, context);
  addTxnCommand(program, context);
  addWatchCommand(program, context);
  addLeaseCommands(program, context);
  addMemberCommands(program, context);
  addEndpointCommands(program, context);
  addMoveLeaderCommand(program, context);
  addAuthCommands(program, context);
  addUserCommands(program, context);
  addRoleCommands(program, context);
  addAlarmCommands(program, context);
  addDefragCommand(program, context);
  addSnapshotCommands(program, context);
  addLockCommands(program, context);
  addMirrorCommand(program, context);
  addCheckCommands(program, context);
  addCompletionCommands(program, context);
  addLadderCommands(program, context);
  addWalCommands(program, context);
  addRecoverCommand(program, context);
  addVersionCommand(program, context);
  program
    .argument('[words...]')
    .usage('<command> [options]')
    .action((words: string[]) => {
      if (words[0] === 'migrate') {
        throw badArgs("migrate: there is no v2 store here; move keys from an etcd with etcdctl's make-mirror");
      }
      if (words.length > 0) {
        throw new CtlError(ExitCode.error, `unknown command ${JSON.stringify(words[0])} for "${NAME}"; see --help`);
      }
      program.outputHelp();
    });
  return program;
}

/**
 * Runs one command line.
 * @param args without the names of node and of the script
 * @returns the exit code
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { words, execWords } = goStyleArguments(args);
  const context: RunContext = { io, execWords, exitCode: ExitCode.ok };
  try {
    await buildProgram(context).parseAsync(words, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return commanderFailed(error, io);
    const prefix = error instanceof CtlError && error.cause === 'program' ? '' : 'Error: ';
    lineWriter(io.stderr)(`${prefix}${describeError(error)}`);
    return exitCodeOf(error);
  }
}

// Help and the like end the parse with exit code 0; the rest is a command line that makes no sense.
function commanderFailed(error: CommanderError, io: Io): number {
  if (error.exitCode === 0) return ExitCode.ok;
  const flag = /^error: unknown option '([^']*)'/.exec(error.message)?.[1];
  const text = flag === undefined ? error.message.replace(/^error: /, '') : `unknown flag: ${flag}`;
  lineWriter(io.stderr)(`Error: ${text.split('\n')[0]}`);
  return ExitCode.error;
}
