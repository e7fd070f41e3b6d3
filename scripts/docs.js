// `npm run docs:claims`: fills what is generated in the pages from docs/experiments/numbers.json; `-- --check` only compares.
// `npm run docs:figures`: trains what the pages are about (5 seeds, some minutes), draws every figure and takes the numbers anew;
// a name or several (`-- batch_norm_test`) do some of it. Records stay in runs/docs and are not made again while they are whole.
// `npm run docs:kernels`: draws the roofline of docs/kernels.md from docs/kernels.json and docs/step.json; `-- FILE…` takes other reports first.
// `npm run docs:search`: fills the table of samplers of docs/search.md (10 seeds of 60 trials each, some 20 minutes on one core).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { build as buildPackages, install, root } from './setup.js';

const words = process.argv.slice(2);
await install();
await buildPackages(['figures', 'search'].includes(words[0]) ? 'descent' : '@descent/kernels');
// The pages are made by the sources of the packages themselves: bundled, since Node 20 reads no TypeScript.
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
process.exitCode = main(root, words);
