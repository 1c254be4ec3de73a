/** What lies where in a log's directory. */

export const STORE_DIRECTORY = 'log';
/** Of both files; each adds its slot. */
export const HIGH_WATER_FILES = 'high-water';
export const IDENTITY_FILE = 'identity';
export const OPENED_BY_NOTE = 'opened-by';
