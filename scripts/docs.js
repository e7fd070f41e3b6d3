// `npm run docs:claims` updates the generated parts of pages from docs/experiments/numbers.json.
// `npm run docs:figures` trains the settings of the pages (5 seeds, some minutes), then updates figures, numbers and pages.
// `npm run docs:figures -- batch_norm_test` updates one experiment or setting. Complete records in runs/docs are reused.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { build as buildPackages, install, root } from './setup.js';

const args = process.argv.slice(2);
await install();
await buildPackages(args[0] === 'figures' ? '@descent/cli' : '@descent/kernels');
// Bundled, because Node 20 cannot run TypeScript.
const outfile = join(root, 'node_modules', '.cache', 'descent', 'docs.mjs');
mkdirSync(join(outfile, '..'), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ['scripts/docs/main.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['@descent/source'],
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(outfile).href);
main(root, args);
