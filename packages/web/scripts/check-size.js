// The page must stay light: code, styles and wasm (which is inside the code) gzipped, English included. Data, source maps and the texts of
// other languages are apart: a reader fetches one of these at most before the page stands.
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
console.log(`${String(code).padStart(8)}  of ${LIMIT} bytes gzipped; ${code + language} with one language more`);
process.exitCode = code <= LIMIT ? 0 : 1;
