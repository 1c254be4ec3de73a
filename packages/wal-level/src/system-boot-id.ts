/** The operating system's id of its own boot: writes that were not synced survive a process, not a boot. */
import { readFileIfAny } from './atomic-file.js';
import { UNKNOWN_BOOT_ID } from './high-water.js';

/** 32 hex digits; all zero where the system does not tell, which is taken for a different boot each time. */
export async function readSystemBootId(): Promise<string> {
  const text = await readFileIfAny('/proc/sys/kernel/random/boot_id').catch(() => null);
  const digits = text === null ? '' : new TextDecoder().decode(text).trim().replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? digits : UNKNOWN_BOOT_ID;
}
