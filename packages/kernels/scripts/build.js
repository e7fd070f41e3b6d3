// Compiles each variant with asc and writes them, as base64, into one TypeScript module that every engine and bundler reads alike.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { targets } = JSON.parse(readFileSync('asconfig.json', 'utf8'));
mkdirSync('src/generated', { recursive: true });

const entries = [];
for (const [target, { outFile }] of Object.entries(targets)) {
  const { error, stderr } = await asc.main(['--config', 'asconfig.json', '--target', target]);
  if (error) throw new Error(`[kernels] ${target}: ${error.message}\n${stderr.toString()}`);
  const bytes = readFileSync(outFile);
  entries.push(`  '${target}':\n    '${bytes.toString('base64')}',`);
  console.error(`${outFile}: ${bytes.length} bytes`);
}
writeFileSync(
  'src/generated/wasm.ts',
  `// Made by scripts/build.js.\nexport const wasmModules = {\n${entries.join('\n')}\n} as const;\n`,
);
