// Writes src/gen/*.ts. Run it after every change of proto/ or of the generator: `pnpm generate`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { generate } from './generator.js';

const target = new URL('../src/gen/', import.meta.url);
mkdirSync(target, { recursive: true });
for (const [name, text] of generate()) writeFileSync(new URL(name, target), text);
