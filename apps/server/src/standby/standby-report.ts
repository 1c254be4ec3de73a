/** What a standby says of itself, checked: whoever reaches the peer port can send one. */
import type { StandbyReport } from '@understudy/protocol';
import { formatId } from '../bootstrap/member-id.js';
import type { StandbyReportRecord } from '../state/standby-record.js';

export type CheckedReport =
  | { readonly ok: true; readonly report: StandbyReportRecord }
  | { readonly ok: false; readonly text: string };

const MAX_URLS = 8;
const MAX_CHARACTERS = 256;

export function validateReport(raw: StandbyReport, clusterId: number): CheckedReport {
  const problem = refuse(raw, clusterId);
  if (problem !== null) return { ok: false, text: problem };
  const { registration, name, peerUrls, clientUrls, zone, standbyOnly, minProtocol, maxProtocol } = raw;
  const protocol = { min: minProtocol, max: maxProtocol };
  return { ok: true, report: { registration, name, peerUrls, clientUrls, zone, standbyOnly, protocol } };
}

/** Whether the register has it as it is. */
export function sameReport(known: StandbyReportRecord, report: StandbyReportRecord): boolean {
  const { name, peerUrls, clientUrls, zone, standbyOnly, protocol } = report;
  return (
    known.name === name &&
    known.zone === zone &&
    known.standbyOnly === standbyOnly &&
    known.protocol.min === protocol.min &&
    known.protocol.max === protocol.max &&
    known.peerUrls.join() === peerUrls.join() &&
    known.clientUrls.join() === clientUrls.join()
  );
}

function refuse(raw: StandbyReport, clusterId: number): string | null {
  const { registration, peerUrls, clientUrls, minProtocol, maxProtocol } = raw;
  const id = /^[0-9a-f]{16}$/.test(registration) ? Number.parseInt(registration, 16) : 0;
  if (id === 0 || !Number.isSafeInteger(id)) return `"${registration.slice(0, 40)}" is no registration`;
  if (raw.clusterId !== 0 && raw.clusterId !== clusterId) {
    return `it stands by for cluster ${formatId(raw.clusterId)}, and this is ${formatId(clusterId)}`;
  }
  if (peerUrls.length === 0 || !areUrls(peerUrls)) return 'its peer URLs cannot be used';
  if (!areUrls(clientUrls)) return 'its client URLs cannot be used';
  if (raw.name.length > MAX_CHARACTERS || raw.zone.length > MAX_CHARACTERS) return 'its name or its zone is too long';
  if (minProtocol < 1 || maxProtocol < minProtocol) return `it speaks protocol ${minProtocol} to ${maxProtocol}`;
  return null;
}

function areUrls(urls: readonly string[]): boolean {
  return (
    urls.length <= MAX_URLS &&
    urls.every((url) => url.length <= MAX_CHARACTERS && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))
  );
}
