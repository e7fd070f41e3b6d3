// Data sets beside MNIST, as their files come: EMNIST, QMNIST, the tables of Kaggle.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';
import { type Files, goodFiles, header, images, writeFiles } from './idx-files.ts';

const cwd = scratch();
const short = 'run optimizer_compare_mnist --steps 5 --hidden-sizes 8 --batch-size 8 --quiet --json';

const packed = (name: string, content: Buffer): Files => ({ [`${name}.gz`]: gzipSync(content) });
const emnist = (split: string, first: number, classes: number): Files => {
  const classesOf = (count: number) => Buffer.from(Array.from({ length: count }, (_, i) => first + (i % classes)));
  const part = (name: string, count: number): Files => ({
    ...packed(`emnist-${split}-${name}-images-idx3-ubyte`, images(count)),
    ...packed(`emnist-${split}-${name}-labels-idx1-ubyte`, Buffer.concat([header(8, [count]), classesOf(count)])),
  });
  return { ...part('train', 120), ...part('test', 60) };
};
writeFiles(join(cwd, 'gzip'), { ...emnist('letters', 1, 26), ...emnist('balanced', 0, 47) });

test('the letters of EMNIST train 26 outputs; the record verifies, resumes and exports with them', async () => {
  const { code, stdout } = await descent(`${short} --data gzip/emnist-letters --classes 26 --out letters`, { cwd });
  expect(code).toBe(0);
  const { data, options, digest } = JSON.parse(stdout);
  expect([data.name, options.classes]).toEqual(['emnist-letters', 26]);
  const verified = await descent('verify letters --data gzip/emnist-letters --jobs 1', { cwd });
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining(digest)]);
  const resumed = await descent('run --resume letters --quiet --json', { cwd });
  expect(JSON.parse(resumed.stdout).digest).toBe(digest);
  const weights = readFileSync(join(cwd, 'letters/checkpoints/Adam.safetensors'));
  const tensors = JSON.parse(weights.toString('utf8', 8, 8 + weights.readUInt32LE(0)));
  expect(tensors['2.weight'].shape).toEqual([26, 8]);
  const exported = await descent('export letters/checkpoints/Adam.safetensors -o Adam.onnx', { cwd });
  expect(exported.code).toBe(0);
});

test.for([
  ['gzip', '', /gzip: expected the files of one data set but got those of emnist-balanced, emnist-letters/],
  ['gzip/emnist-digits', '', /gzip.emnist-digits: expected the four IDX files/],
  [
    'gzip/emnist-letters',
    '',
    /letters-train-labels.*: expected labels from 1 to 10 but got 11 at index 10; set classes to 26/,
  ],
  ['gzip/emnist-balanced', '--classes 26', /expected labels from 0 to 25 but got 26 at index 26; set classes to 47/],
] as const)('`--data %s %s` says what to do', async ([data, flags, message]) => {
  const { code, stderr } = await descent(`run optimizer_compare_mnist --steps 5 --quiet --data ${data} ${flags}`, {
    cwd,
  });
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(
    data === 'gzip/emnist-digits' || !data.includes('/') ? /FOLDER\/emnist-letters/ : /--classes says/,
  );
  expect(code).toBe(3);
});

test('QMNIST is the data that its labels in bytes would be', async () => {
  const good = Object.entries(goodFiles());
  const named = (name: string) => `qmnist-${name.replace('t10k', 'test').replace('idx1-ubyte', 'idx2-int')}`;
  const wide = (content: Buffer) => {
    const rows = [...content.subarray(8)].map((label) => {
      const row = Buffer.alloc(32, 7);
      row.writeInt32BE(label);
      return row;
    });
    return Buffer.concat([header(0x0c, [rows.length, 8]), ...rows]);
  };
  writeFiles(join(cwd, 'bytes'), goodFiles());
  writeFiles(
    join(cwd, 'qmnist'),
    Object.fromEntries(good.map(([name, content]) => [named(name), name.includes('labels') ? wide(content) : content])),
  );
  const runs = await Promise.all(
    ['bytes', 'qmnist'].map((data) => descent(`${short} --data ${data} --out ${data}-run`, { cwd })),
  );
  const [bytes, qmnist] = runs.map(({ stdout }) => JSON.parse(stdout));
  expect(qmnist.digest).toBe(bytes.digest);
});

test.for([
  ['kaggle', 'test.csv', false],
  ['tables', 'mnist_test.csv', true],
] as const)('%s: comma-separated values train', async ([name, testName, isLabelled]) => {
  const row = (i: number) => [
    i % 10,
    ...images(1)
      .subarray(16)
      .map((pixel) => (pixel + 20 * i) % 256),
  ];
  const table = (rows: number[][]) => Buffer.from(`${rows.map((values) => values.join(',')).join('\r\n')}\r\n`);
  const rows = Array.from({ length: 70 }, (_, i) => row(i));
  writeFiles(join(cwd, name), {
    [testName.replace('test', 'train')]: Buffer.concat([Buffer.from(`label,${'p,'.repeat(15)}p\r\n`), table(rows)]),
    [testName]: table(isLabelled ? rows : rows.map((values) => values.slice(1))),
  });
  const loud = short.replace(' --quiet', '');
  const { code, stdout, stderr } = await descent(`${loud} --data ${name} --out ${name}-run --jobs 2`, { cwd });
  expect(code).toBe(0);
  expect(stderr.split('every seventh row is a test image').length).toBe(isLabelled ? 1 : 2);
  const [arm] = JSON.parse(stdout).arms;
  // One row in seven is for testing where no other is labelled.
  const right = arm.final.testAccuracy * (isLabelled ? 70 : 10);
  expect(Math.abs(right - Math.round(right))).toBeLessThan(1e-4);
});
