/** A flag, or a combination of flags, that cannot be used. The message is one line and names the flag. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
