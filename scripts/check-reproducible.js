// Builds a copy of the tree from nothing and compares every file with what stands here: wasm, bundles, declarations, page.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { copyTree, runIn } from './copy-tree.js';
import { root } from './setup.js';

const packages = readdirSync(join(root, 'packages'));
const made = packages.flatMap((name) => [`packages/${name}/dist`, `packages/${name}/src/generated`]);
const copy = copyTree();

try {
  runIn(copy, 'turbo', ['run', 'build', '--force', '--output-logs=errors-only']);
  const [here, there] = [digestsOf(root), digestsOf(copy)];
  const differing = [...new Set([...here.keys(), ...there.keys()])].filter(
    (file) => here.get(file) !== there.get(file),
  );
  for (const file of differing) console.log(`${file}: another build gives other bytes`);
  console.log(`${here.size} files, ${differing.length} differ`);
  process.exitCode = differing.length === 0 && here.size > 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function digestsOf(tree) {
  const digests = new Map();
  for (const folder of made) {
    let names = [];
    try {
      names = readdirSync(join(tree, folder), { recursive: true, withFileTypes: true });
    } catch {}
    for (const entry of names) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      digests.set(relative(tree, file), createHash('sha256').update(readFileSync(file)).digest('hex'));
    }
  }
  return digests;
}
