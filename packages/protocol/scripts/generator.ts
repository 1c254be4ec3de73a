// Turns proto/*.proto into the text of src/gen/*.ts, formatted as the rest of the repository is.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { renderPackage } from './render-messages.js';
import { renderIndex, renderServices } from './render-services.js';
import { loadSchema } from './schema.js';

const require = createRequire(import.meta.url);

function format(name: string, text: string): string {
  const biome = join(dirname(require.resolve('@biomejs/biome/package.json')), 'bin', 'biome');
  const args = [
    'format',
    `--stdin-file-path=${name}`,
    '--indent-style=space',
    '--indent-width=2',
    '--line-width=120',
    '--javascript-formatter-quote-style=single',
  ];
  // From outside the repository: its configuration leaves generated code alone, and so would the formatter.
  return execFileSync(process.execPath, [biome, ...args], { input: text, encoding: 'utf8', cwd: '/' });
}

/** File name below src/gen → text. */
export function generate(): Map<string, string> {
  const packages = loadSchema();
  const files = new Map<string, string>();
  packages.forEach((model, at) => {
    files.set(`${model.name}.ts`, renderPackage(model, packages.slice(0, at)));
  });
  files.set('services.ts', renderServices(packages));
  files.set('index.ts', renderIndex(packages));
  for (const [name, text] of files) files.set(name, format(name, text));
  return files;
}
