// Checks the gzipped size of the first view of an experiment: everything that the page loads until a run has drawn its figure.
// Chunks that are loaded later (benchmark, other variants), MNIST, source maps and texts of other languages do not count.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 150_000;
const dist = new URL('../dist/', import.meta.url);
const read = (file) => readFileSync(new URL(file, dist));

/** Returns a script and the files that it imports, directly or indirectly. */
function withImports(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, next] of read(file)
    .toString()
    .matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
    withImports(next, seen);
  return seen;
}

/** Returns the chunk with the kernels of the fastest variant, which the worker imports when it starts. */
function simdChunk() {
  const [chunk] = [...withImports('worker.js')].flatMap((file) =>
    [
      ...read(file)
        .toString()
        .matchAll(/simd128:\s*\(\)\s*=>\s*import\("\.\/([^"]+)"\)/g),
    ].map(([, name]) => name),
  );
  if (!chunk) throw new Error('[check-size] expected the worker to load the kernels simd128 but found no such import');
  return chunk;
}

const files = [
  'index.html',
  'index.css',
  'icon.svg',
  ...new Set([...withImports('index.js'), ...withImports('worker.js'), ...withImports(simdChunk())]),
];
const sizeOf = (file) => gzipSync(read(file), { level: 9 }).length;
const previews = readdirSync(new URL('previews/', dist)).map((file) => `previews/${file}`);
const [largest] = previews.sort((a, b) => sizeOf(b) - sizeOf(a));
let total = 0;
for (const file of [...files, largest]) {
  const size = sizeOf(file);
  total += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  of ${LIMIT} bytes gzipped in the first view`);
process.exitCode = total <= LIMIT ? 0 : 1;
