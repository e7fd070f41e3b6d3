// What a user can import: every path in the `exports` of the libraries.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.js';

/** Returns each entry point with its name, package and source. */
export function entryPoints() {
  return ['kernels', 'nn', 'experiments'].flatMap((library) => {
    const folder = join(root, 'packages', library);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return Object.entries(manifest.exports).map(([path, { '@descent/source': file }]) => ({
      package: manifest.name,
      name: join(manifest.name, path),
      source: join(folder, file),
    }));
  });
}
