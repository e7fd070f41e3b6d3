// Compiles each variant with asc and writes them, as base64, into TypeScript modules that every engine and bundler reads alike.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { targets } = JSON.parse(readFileSync('asconfig.json', 'utf8'));
mkdirSync('src/generated', { recursive: true });

await compile('assembly/index.ts', 'wasm', 'wasmModules', (outFile) => outFile);
await compile('assembly/roof/index.ts', 'roof', 'roofModules', (outFile) => outFile.replace('dist/', 'dist/roof-'));

/** One entry in every variant → src/generated/<file>.ts. */
async function compile(entry, file, name, fileOf) {
  const lines = [];
  for (const [target, { outFile }] of Object.entries(targets)) {
    const wasm = fileOf(outFile);
    const { error, stderr } = await asc.main([entry, '--config', 'asconfig.json', '--target', target, '-o', wasm]);
    if (error) throw new Error(`[kernels] ${target}: ${error.message}\n${stderr.toString()}`);
    const bytes = readFileSync(wasm);
    lines.push(`  '${target}':\n    '${bytes.toString('base64')}',`);
    console.error(`${wasm}: ${bytes.length} bytes`);
  }
  const text = `// Made by scripts/build.js.\nexport const ${name} = {\n${lines.join('\n')}\n} as const;\n`;
  writeFileSync(`src/generated/${file}.ts`, text);
}
