/**
 * HPACK, the writing half, without a table: what we send is a few blocks that are made once, and the statuses of errors.
 * A block means the same on every connection.
 */

export type Fields = Readonly<Record<string, string>>;

const STATUS_200 = 0x88;

/** Names must be lower case; characters of names and values are bytes. */
export function encodeFields(fields: Fields): Buffer {
  return Buffer.concat(
    Object.entries(fields).map(([name, value]) => {
      if (name === ':status' && value === '200') return Buffer.from([STATUS_200]);
      return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
    }),
  );
}

function text(value: string): Buffer {
  return Buffer.concat([integer(Buffer.byteLength(value, 'latin1')), Buffer.from(value, 'latin1')]);
}

function integer(value: number): Buffer {
  if (value < 0x7f) return Buffer.from([value]);
  const bytes = [0x7f];
  let rest = value - 0x7f;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
