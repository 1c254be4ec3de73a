// JSON text to JavaScript values without losing digits: an integer literal that a number cannot hold becomes a string
// of its digits, which the codec takes for any 64-bit field.
import { ProtocolError } from '../protocol-error.js';

// Cheap, and may be wrong in one direction only: a hit inside a string costs the slow way and changes nothing.
const MAYBE_LONG = /[^"\d]\d{16}/;
// Whole strings and whole numbers, so that digits within them are not seen. Only run on text that parses, hence linear.
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
const LONG = /^-?\d{16,}$/;

/** @throws ProtocolError `bad-json` */
export function parseJsonText(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('bad-json', `the text is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (!MAYBE_LONG.test(text)) return value;
  return JSON.parse(text.replace(STRING_OR_NUMBER, (found) => (LONG.test(found) ? `"${found}"` : found)));
}
