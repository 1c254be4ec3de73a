// The table of members as text.
import type { MemberStatus } from './cluster-status.js';
import type { Paint } from './paint.js';

/** What has to change before the table is worth printing again: who is there, and in which role. */
export function tableSignature(members: readonly MemberStatus[]): string {
  return members.map(({ id, name, role }) => `${id} ${name} ${role}`).join('\n');
}

export function formatTable(
  members: readonly MemberStatus[],
  pids: ReadonlyMap<string, number | undefined>,
  paint: Paint,
): string {
  const rows = members.map(({ name, id, role, clientUrl, version }) => [
    name,
    id,
    role,
    String(pids.get(clientUrl) ?? '-'),
    clientUrl,
    version,
  ]);
  const head = ['member', 'id', 'role', 'pid', 'client url', 'version'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd();
  const colourOf = (role: string) => (role === 'leader' ? 'green' : role.startsWith('no') ? 'red' : 'bold');
  return [
    paint('dim', line(head)),
    ...rows.map((row) => line(row).replace(`  ${row[2]}`, `  ${paint(colourOf(row[2]!), row[2]!)}`)),
  ].join('\n');
}
