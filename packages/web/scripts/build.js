// Bundles the page and its workers into dist/, together with MNIST. Any static host can serve it, also from a sub-path.
import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { noticesOf } from '../../../scripts/notices.js';
import { lazyTexts } from './lazy-texts.js';
import { writeMnist } from './mnist-parts.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const dist = join(folder, 'dist');
const settings = {
  absWorkingDir: folder,
  outdir: dist,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  // Escaped Korean and Japanese texts would be twice as long.
  charset: 'utf8',
  conditions: ['@descent/source'],
  minify: true,
  sourcemap: 'linked',
  legalComments: 'linked',
  logLevel: 'warning',
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const texts = { experiments: '../experiments/src/i18n', web: 'src/i18n' };
const i18n = await lazyTexts(
  Object.fromEntries(Object.entries(texts).map(([name, path]) => [name, join(folder, path)])),
  dist,
);
const [{ metafile }] = await Promise.all([
  build({
    ...settings,
    entryPoints: [
      { in: 'src/index.tsx', out: 'index' },
      { in: 'src/worker/worker.ts', out: 'worker' },
      { in: 'src/bench/worker.ts', out: 'bench' },
      { in: 'src/styles/index.css', out: 'index' },
    ],
    // The page and its workers share the experiments.
    splitting: true,
    chunkNames: '[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    metafile: true,
    plugins: [i18n],
  }),
  ...['index.html', 'icon.svg'].map((file) => copyFile(join(folder, 'src', file), join(dist, file))),
  cp(join(folder, 'previews'), join(dist, 'previews'), {
    recursive: true,
    filter: (file) => !file.endsWith('cards.json'),
  }),
  writeMnist(join(dist, 'data')),
]);
await writeFile(join(dist, 'licenses.txt'), noticesOf(metafile, folder));

const shell = (await readdir(dist, { recursive: true }))
  .filter((file) => /(\.(html|js|css|svg)|^(text|previews).+\.json)$/.test(file))
  .sort();
const hash = createHash('sha256');
for (const file of shell) hash.update(file).update(await readFile(join(dist, file)));
await build({
  ...settings,
  entryPoints: ['src/offline.js'],
  sourcemap: false,
  define: {
    SHELL: JSON.stringify(['./', ...shell.filter((file) => file !== 'index.html')]),
    VERSION: JSON.stringify(hash.digest('hex').slice(0, 16)),
  },
});
