// An answer with lines and tables of its own: what `understudy.v1` answers, which etcdctl has no shape for. Every format
// prints it in its way; JSON and fields print the whole message.
import type { MessageType } from '@understudy/protocol';
import { quoted } from './byte-text.js';
import { type JsonValue, messageValue, stringify } from './json-value.js';
import type { WriteLine } from './printer.js';
import { textTable } from './text-table.js';

export interface Report<T extends object = object> {
  readonly type: MessageType<T>;
  readonly answer: T;
  /** For people. */
  readonly lines: readonly string[];
  readonly tables: readonly Table[];
}

export interface Table {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function printReportLines({ lines }: Report, line: WriteLine): void {
  for (const text of lines) line(text);
}

export function printReportTables({ tables }: Report, line: WriteLine): void {
  for (const { titles, rows } of tables) for (const text of textTable(titles, rows)) line(text);
}

export function printReportJson({ type, answer }: Report, line: WriteLine): void {
  line(stringify(messageValue(type, answer)));
}

/** One field a line, under its path: `"members.0.name" : "n1"`. Fields that are empty are left out. */
export function printReportFields({ type, answer }: Report, line: WriteLine): void {
  const print = (path: string, value: JsonValue): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) print(path === '' ? name : `${path}.${name}`, inner);
    } else {
      line(`"${path}" : ${typeof value === 'string' ? quoted(Buffer.from(value, 'utf8')) : String(value)}`);
    }
  };
  print('', messageValue(type, answer));
}
