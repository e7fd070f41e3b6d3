// What a user can import: every path in the `exports` of the libraries.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.js';

const libraries = ['kernels', 'nn', 'experiments'];

/** Each with its name, its source, the page that it gets and what its first lines say of it. */
export function entryPoints() {
  return libraries.flatMap((library) => {
    const folder = join(root, 'packages', library);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return Object.entries(manifest.exports).map(([path, { '@descent/source': file }]) => {
      const source = join(folder, file);
      const name = join(manifest.name, path);
      return {
        package: manifest.name,
        name,
        source,
        page: join(library, path).replace('/', '-'),
        about: opening(source),
      };
    });
  });
}

/** The comment that a file opens with. */
function opening(source) {
  const lines = readFileSync(source, 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  if (end === 0) throw new Error(`[api] expected ${source} to open with what it is for but it does not; // …`);
  return lines
    .slice(0, end)
    .map((line) => line.slice(3))
    .join(' ');
}
