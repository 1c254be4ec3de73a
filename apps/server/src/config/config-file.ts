/** `--config-file`: YAML with the names of flags as keys, as etcd has it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ConfigError } from './config-error.js';

/** Keys that hold flags of TLS, and what those have in front. */
const SECTIONS: Readonly<Record<string, string>> = {
  'client-transport-security': '',
  'peer-transport-security': 'peer-',
};
const MAX_ALIASES = 100;

/** Values by flag name, as they would stand on a command line. Throws ConfigError where the file cannot be used. */
export function readConfigFile(file: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const content = parseFile(file);
  if (content === null || content === undefined) return values;
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new ConfigError(`--config-file: ${file} must have names of flags as keys`);
  }
  for (const [key, value] of Object.entries(content)) {
    const prefix = SECTIONS[key];
    if (prefix === undefined) values.set(key, textOf(file, key, value));
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) {
        values.set(`${prefix}${name}`, textOf(file, `${key}.${name}`, inner));
      }
    } else throw new ConfigError(`--config-file: ${file}: ${key} must have flags of TLS as keys`);
  }
  return values;
}

function parseFile(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    throw new ConfigError(`--config-file: ${file} cannot be read: ${line}`);
  }
}

function textOf(file: string, key: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => textOf(file, key, one)).join(',');
  if (typeof value === 'object') throw new ConfigError(`--config-file: ${file}: ${key} must be a value, not a section`);
  return String(value);
}
