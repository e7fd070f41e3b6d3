// Compiles each variant with asc and writes it, gzipped and in base64, into a TypeScript module of its own: every engine and
// bundler reads those alike, and a page loads only the variant that it runs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { targets } = JSON.parse(readFileSync('asconfig.json', 'utf8'));
mkdirSync('src/generated', { recursive: true });

for (const [variant, { outFile }] of Object.entries(targets)) {
  write(variant, await compile('assembly/index.ts', variant, outFile));
  write(`roof-${variant}`, await compile('assembly/peak/index.ts', variant, outFile.replace('dist/', 'dist/roof-')));
}

/** An entry in a variant → wasm. */
async function compile(entry, variant, wasm) {
  const { error, stderr } = await asc.main([entry, '--config', 'asconfig.json', '--target', variant, '-o', wasm]);
  if (error) throw new Error(`[kernels] ${variant}: ${error.message}\n${stderr.toString()}`);
  return readFileSync(wasm);
}

/** Writes src/generated/<name>.ts. */
function write(name, bytes) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255; // the operating system, which the header names, must not change the bytes
  const source = `// Made by scripts/build.js.\nexport const wasm =\n  '${packed.toString('base64')}';\n`;
  writeFileSync(`src/generated/${name}.ts`, source);
  console.error(`${name}: ${bytes.length} bytes, gzipped ${packed.length}`);
}
