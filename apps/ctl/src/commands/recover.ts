// recover: makes the directory of one survivor a cluster of one, once it has said what is kept and what may be lost.
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import type { Survivor } from '@understudy/server';
import type { Command } from 'commander';
import { CtlError, ExitCode } from '../exit-code.js';
import { type Io, lineWriter } from '../io.js';
import { hexId } from '../output/byte-text.js';
import type { RunContext } from '../run-context.js';

const WORD = 'recover';

export function addRecoverCommand(program: Command, context: RunContext): void {
  program
    .command('recover')
    .description('a quorum is lost for ever: make the directory of a survivor a cluster of one')
    .argument('<data-dir>', 'the --data-dir of a member that does not run')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only say what would be kept and lost')
    .action(async (dataDir: string, flags: { yes?: boolean; dryRun?: boolean }) => {
      const line = lineWriter(context.io.stdout);
      // Here and not above: a whole server that no other command needs.
      const { inspectSurvivor, recoverSurvivor } = await import('@understudy/server');
      const survivor = await reached(() => inspectSurvivor(dataDir));
      for (const text of survivorLines(survivor)) line(text);
      if (flags.dryRun === true) return;
      if (flags.yes !== true && !(await confirmed(context.io))) {
        throw new CtlError(ExitCode.error, 'nothing was changed');
      }
      const { clusterId } = await reached(() => recoverSurvivor(dataDir));
      line(`done: ${dataDir} is cluster ${hexId(clusterId)} now, of member ${hexId(survivor.memberId)} alone`);
      line('start it with its flags as they were, then add new members with empty directories');
    });
}

export function survivorLines(survivor: Survivor): string[] {
  const { memberId, formerClusterId, lastIndex, lastTerm, knownCommitted, revision, removed, damage } = survivor;
  const lines = [
    `member ${hexId(memberId)} of cluster ${hexId(formerClusterId)}`,
    `kept: everything up to index ${lastIndex} of term ${lastTerm}, revision ${revision}`,
  ];
  if (knownCommitted < lastIndex) {
    lines.push(
      `kept, though this member does not know whether it was committed: index ${knownCommitted + 1} to ${lastIndex}`,
    );
  }
  lines.push(`lost: whatever the others acknowledged after index ${lastIndex}`);
  if (damage !== null) lines.push(`the log is damaged: ${damage}`);
  if (survivor.acknowledgedIndex > lastIndex) {
    lines.push(`lost for certain: index ${lastIndex + 1} to ${survivor.acknowledgedIndex}, which this member had`);
  }
  lines.push(`removed: ${removed.length === 0 ? 'nobody' : removed.map(hexId).join(', ')}`);
  lines.push('the other members must never run again: they would go on as the old cluster');
  return lines;
}

async function confirmed(io: Io): Promise<boolean> {
  io.stdout(Buffer.from(`type "${WORD}" to go on: `));
  const input = createInterface({ input: Readable.from(io.stdin) });
  for await (const answer of input) return answer.trim() === WORD;
  return false;
}

async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    throw new CtlError(code === 'io' ? ExitCode.io : ExitCode.error, message, { cause });
  }
}
