// The page must stay light: what a reader fetches before anything can run, in the language with the longest texts, gzipped. Wasm is
// inside the code; data and source maps are apart.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT = 150_000;
const dist = new URL('../dist/', import.meta.url);

const sizes = readdirSync(fileURLToPath(dist), { recursive: true })
  .filter((file) => /(\.(html|js|css|svg|wasm)|^text.+\.json)$/.test(file))
  .sort()
  .map((file) => [file, gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length]);
for (const [file, size] of sizes) console.log(`${String(size).padStart(8)}  ${file}`);

const code = sizes.filter(([file]) => !file.endsWith('.json')).reduce((sum, [, size]) => sum + size, 0);
const language = Math.max(...sizes.filter(([file]) => file.endsWith('.json')).map(([, size]) => size));
console.log(`${String(code).padStart(8)}  code, styles and wasm, with English`);
console.log(`${String(code + language).padStart(8)}  with one language more, of ${LIMIT} bytes gzipped`);
process.exitCode = code + language <= LIMIT ? 0 : 1;
