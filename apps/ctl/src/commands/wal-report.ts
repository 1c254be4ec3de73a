// What was found in a log, for people and for programs, and what to do about it.
import type { Damage, LogReport } from '@understudy/wal-level';
import { hexId } from '../output/byte-text.js';

/** The verdict is the second line. */
export function reportLines(directory: string, report: LogReport): string[] {
  const { identity, firstIndex, lastIndex, hardState, acknowledged, recovery, snapshot } = report;
  const lines = [directory, verdictLine(report)];
  if (identity !== null) {
    const { memberId, clusterId, directoryId, bootCount } = identity;
    lines.push(`member ${hexId(memberId)} of cluster ${hexId(clusterId)}`);
    lines.push(`directory ${directoryId}, opened ${bootCount} times`);
  }
  const whole = report.damage === null ? '' : 'intact ';
  lines.push(lastIndex < firstIndex ? `no ${whole}entries` : `${whole}entries ${firstIndex} to ${lastIndex}`);
  lines.push(`term ${hardState.term}, vote ${hexId(hardState.vote)}, commit ${hardState.commit}`);
  if (acknowledged !== null) {
    lines.push(`acknowledged: batch ${acknowledged.counter}, index ${acknowledged.lastIndex}`);
  }
  if (snapshot !== null) lines.push(`begins after a snapshot of index ${snapshot.index}, term ${snapshot.term}`);
  if (recovery !== null && report.damage === null) {
    lines.push(`recovering: refetches what it may have lost, up to index ${recovery.highWaterIndex} at least`);
  }
  return [...lines, ...adviceLines(report)];
}

/** Ids as hexadecimal text, as everywhere; bytes are not in it. */
export function reportJson(report: LogReport): object {
  const { identity, hardState, acknowledged } = report;
  return {
    ...report,
    identity:
      identity === null
        ? null
        : { ...identity, memberId: hexId(identity.memberId), clusterId: hexId(identity.clusterId) },
    hardState: { ...hardState, vote: hexId(hardState.vote) },
    acknowledged:
      acknowledged === null
        ? null
        : {
            counter: acknowledged.counter,
            lastIndex: acknowledged.lastIndex,
            term: acknowledged.term,
            vote: hexId(acknowledged.vote),
          },
    advice: adviceLines(report),
  };
}

function verdictLine({ verdict, damage, identityFault }: LogReport): string {
  if (damage !== null) return `damaged: ${damageText(damage)}`;
  if (identityFault !== null) return `damaged: nobody can say whose log it is: ${identityFault}`;
  if (verdict === 'new') return 'no log is there';
  if (verdict === 'torn-tail-dropped') return 'healthy: its last batch is torn and was never acknowledged';
  return 'healthy';
}

function damageText({ what, where, index, detail }: Damage): string {
  return `${what} ${where}${index === null ? '' : ` at index ${index}`}: ${detail}`;
}

function adviceLines({ damage, identityFault, recovery, verdict }: LogReport): string[] {
  if (identityFault !== null) {
    return [
      'what to do: remove the member from its cluster, add it again, and start it with an empty --data-dir',
      '  a cluster of one: restore a snapshot or a copy of the directory',
    ];
  }
  if (damage === null) return [];
  const lost = recovery === null || verdict === 'new' ? 0 : recovery.highWaterIndex;
  const back = recovery?.voteProven === true;
  return [
    `it had acknowledged at least index ${lost}`,
    back
      ? 'what to do: start it with its peers running: it recovers from them what it lost'
      : 'what to do: how it voted is not proven. Remove it from its cluster, add it again, and start it with an empty --data-dir',
    '  the only voter left: restore a snapshot or a copy of the directory, or keep what is intact with "understudyctl recover"',
  ];
}
