// The page must stay light: code, styles and wasm (which is inside the code) gzipped, data and source maps apart.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT = 150_000;
const dist = new URL('../dist/', import.meta.url);

let total = 0;
for (const file of readdirSync(fileURLToPath(dist)).sort()) {
  if (!/\.(html|js|css|svg|wasm)$/.test(file)) continue;
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  of ${LIMIT} bytes gzipped`);
process.exitCode = total <= LIMIT ? 0 : 1;
