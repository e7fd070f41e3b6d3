// Bundles the commands: our own packages and their dependencies in, the dependencies of this package out.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dependencies, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

await rm(new URL('../dist', import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { descent: 'src/main.ts', 'arm-worker': 'src/arm-worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['@descent/source'],
  external: Object.keys(dependencies).flatMap((name) => [name, `${name}/*`]),
  define: { DESCENT_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
});
