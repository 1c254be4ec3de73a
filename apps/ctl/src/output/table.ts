// Tables: members and endpoints only, as in etcdctl; the rest is not a table.
import { partialPrinter } from './partial-printer.js';
import type { Printer, WriteLine } from './printer.js';
import { printReportTables } from './report.js';
import {
  HEALTH_TITLES,
  healthRow,
  MEMBER_TITLES,
  memberRow,
  SNAPSHOT_TITLES,
  STATUS_TITLES,
  snapshotRow,
  statusRow,
} from './rows.js';
import { textTable } from './text-table.js';

export function tablePrinter(line: WriteLine): Printer {
  const table = (titles: readonly string[], rows: readonly (readonly string[])[]): void => {
    for (const row of textTable(titles, rows)) line(row);
  };
  return partialPrinter('table', {
    report: (report) => printReportTables(report, line),
    snapshotStatus: (status) => table(SNAPSHOT_TITLES, [snapshotRow(status)]),
    compaction: (revision) => line(`compacted revision ${revision}`),
    memberList: (answer) => table(MEMBER_TITLES, answer.members.map(memberRow)),
    endpointStatus: (list) => table(STATUS_TITLES, list.map(statusRow)),
    endpointHealth: (list) => table(HEALTH_TITLES, list.map(healthRow)),
    endpointHash: (list) =>
      table(
        ['ENDPOINT', 'HASH'],
        list.map(({ endpoint, hash }) => [endpoint, String(hash.hash)]),
      ),
  });
}
