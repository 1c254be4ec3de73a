// Prints what breaks the table of layers and exits with 1; one line when nothing does.
import { fileURLToPath } from 'node:url';
import { LAYERS, OWNED_EXTERNALS } from './src/arrows.js';
import { checkLayers } from './src/layers.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const findings = checkLayers({ root, layers: LAYERS, ownedExternals: OWNED_EXTERNALS });
for (const { file, line, rule, text } of findings) console.error(`${file}:${line} ${rule}: ${text}`);
if (findings.length > 0) {
  console.error(`\n${findings.length} finding(s). The table of arrows is tools/checks/src/arrows.ts.`);
  process.exitCode = 1;
} else {
  console.log(`layers: ${LAYERS.length} packages keep to their arrows`);
}
