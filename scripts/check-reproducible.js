// Builds a copy of the repository and compares every built file with the one here: wasm, bundles, declarations, page.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { copyTree, runIn } from './copy-tree.js';
import { root } from './setup.js';

const packages = readdirSync(join(root, 'packages'));
const folders = packages.flatMap((name) => [`packages/${name}/dist`, `packages/${name}/src/generated`]);
const copy = copyTree();
try {
  runIn(copy, 'turbo', ['run', 'build', '--force', '--output-logs=errors-only']);
  const [here, there] = [hashFiles(root), hashFiles(copy)];
  const names = [...new Set([...here.keys(), ...there.keys()])];
  const different = names.filter((file) => here.get(file) !== there.get(file));
  for (const file of different) console.log(`${file}: a second build has other bytes`);
  console.log(`${here.size} files, ${different.length} differ`);
  process.exitCode = different.length === 0 && here.size > 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Returns the SHA-256 of every built file, by its path from the root of the tree. */
function hashFiles(tree) {
  const digests = new Map();
  for (const folder of folders.map((name) => join(tree, name)).filter((each) => existsSync(each))) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      digests.set(relative(tree, file), createHash('sha256').update(readFileSync(file)).digest('hex'));
    }
  }
  return digests;
}
