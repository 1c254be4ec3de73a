// The one place that knows which Node runs Understudy; the same bound as `engines` in package.json.

const MINIMUM = [20, 19];

/**
 * @param {string} version as in `process.versions.node`
 * @returns {{ ok: true } | { ok: false, text: string }}
 */
export function checkNodeVersion(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return { ok: true };
  const text = `Understudy needs Node ${MINIMUM.join('.')} or newer (20, 22 and 24 are tested); this is Node ${version}.`;
  return { ok: false, text };
}
