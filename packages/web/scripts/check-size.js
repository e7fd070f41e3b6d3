// The first view of an experiment must stay light: what the page fetches, gzipped, until a run has drawn its figure. Chunks that are
// loaded when first used (benchmark, other variants), MNIST, source maps and the texts of other languages do not count.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 150_000;
const dist = new URL('../dist/', import.meta.url);
const read = (file) => readFileSync(new URL(file, dist));

/** Files that are loaded together with a script, itself included. */
function withImports(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, next] of read(file)
    .toString()
    .matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g))
    withImports(next, seen);
  return seen;
}

/** The chunk with the kernels of the fastest variant, which the worker imports when it starts. */
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
let total = 0;
for (const file of files) {
  const size = gzipSync(read(file), { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  of ${LIMIT} bytes gzipped in the first view`);
process.exitCode = total <= LIMIT ? 0 : 1;
