// Compiles each variant with asc and writes it, gzipped and as base64, into a TypeScript module of its own: every engine and
// bundler reads those alike, and a page loads the one variant that it runs. relaxed-simd differs from simd128 in a few
// hundred bytes and is written as its edits: a sixteenth of its size.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import asc from 'assemblyscript/asc';
import { editsBetween } from './edits.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { targets } = JSON.parse(readFileSync('asconfig.json', 'utf8'));
mkdirSync('src/generated', { recursive: true });

for (const [variant, { outFile }] of Object.entries(targets)) {
  const bytes = await compile('assembly/index.ts', variant, outFile);
  if (variant === 'relaxed-simd') write(variant, editsBetween(readFileSync(targets.simd128.outFile), bytes), 'simd128');
  else write(variant, bytes);
  write(`roof-${variant}`, await compile('assembly/roof/index.ts', variant, outFile.replace('dist/', 'dist/roof-')));
}

/** An entry in a variant → wasm. */
async function compile(entry, variant, wasm) {
  const { error, stderr } = await asc.main([entry, '--config', 'asconfig.json', '--target', variant, '-o', wasm]);
  if (error) throw new Error(`[kernels] ${variant}: ${error.message}\n${stderr.toString()}`);
  return readFileSync(wasm);
}

/** src/generated/<name>.ts; with a base, the bytes are edits of that module. */
function write(name, bytes, base) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255; // the operating system, which the header names, must not change the bytes
  const lines = [
    '// Made by scripts/build.js.',
    ...(base ? [`export * as base from './${base}.ts';`] : []),
    `export const wasm =\n  '${packed.toString('base64')}';`,
  ];
  writeFileSync(`src/generated/${name}.ts`, `${lines.join('\n')}\n`);
  console.error(`${name}: ${bytes.length} bytes, gzipped ${packed.length}`);
}
