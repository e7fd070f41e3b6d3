// What can be done with a record: verify, plot, compare.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { descent, scratch } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const tiny = 'run optimizer_compare_mnist --data tiny --steps 40 --hidden-sizes 8 --batch-size 16 --quiet --json';

// biome-ignore lint/suspicious/noExplicitAny: records are spoiled at will
type Loose = any;
let record: string;
beforeAll(async () => {
  record = (await descent(`${tiny} --out a`, { cwd })).stdout;
  await descent(`${tiny} --sgd-lr 0.5 --seed 2 --out b`, { cwd });
  await descent('run optimizer_compare_naive --quiet --out naive', { cwd });
  await descent('run optimizer_compare_naive --quiet --out naives --seeds 2', { cwd });
}, 60_000);

/** Writes the record with a change. */
function changed(name: string, change: (record: Loose) => void): string {
  const copy = JSON.parse(record);
  change(copy);
  writeFileSync(join(cwd, `${name}.json`), JSON.stringify(copy));
  return `${name}.json`;
}

/** The float32 next to a value. */
function neighbor(value: number): number {
  const words = new Uint32Array(Float32Array.of(value).buffer);
  words[0] = (words[0] as number) ^ 1;
  return new Float32Array(words.buffer)[0] as number;
}

test.for(['--jobs 1', '--jobs 3 --variant scalar'])('verify finds the same bits, %s', async (flags) => {
  const { code, stdout } = await descent(`verify a/run.json --data tiny --quiet ${flags}`, { cwd });
  expect(stdout).toMatch(/✓ same result, bit for bit: 4 arms/);
  expect(code).toBe(0);
});

test.for([
  ['0.1.0', /made with version 0\.1\.0, whose results can differ from those of this version, [\d.]+: arm Momentum/],
  [undefined, /made with a version that it does not name, whose results can differ/],
] as const)('verify gives the version as the reason where the record is of version %s', async ([version, message]) => {
  const file = changed(`version-${version}`, (r: Loose) => {
    r.environment.descent = version;
    r.arms[1].final.testAccuracy = 1;
  });
  const { code, stdout, stderr } = await descent(`verify ${file} --data tiny --quiet --json`, { cwd });
  expect(stderr).toMatch(message);
  expect(stderr).toContain('CHANGELOG.md');
  expect(JSON.parse(stdout)).toMatchObject({ same: false, madeWith: version ?? null });
  expect(code).toBe(5);
});

test('verify finds the same bits in a record of another version', async () => {
  const file = changed('older', (r: Loose) => (r.environment.descent = '0.1.0'));
  expect(await descent(`verify ${file} --data tiny --quiet`, { cwd })).toMatchObject({ code: 0 });
});

test.for([
  [
    'value',
    (r: Loose): Loose => (r.arms[2].series.trainLoss.value[17] = neighbor(r.arms[2].series.trainLoss.value[17])),
    /arm AdaGrad, trainLoss at step 18/,
  ],
  ['option', (r: Loose): Loose => (r.options.adamLr = 0.002), /arm Adam, trainLoss at step 2:/],
  ['seed', (r: Loose): Loose => (r.seed = 8), /arm SGD, trainLoss at step 1:/],
  ['final', (r: Loose): Loose => (r.arms[1].final.testAccuracy = 1), /arm Momentum, final/],
  ['arm digest', (r: Loose): Loose => (r.arms[3].digest = '0'.repeat(64)), /arm Adam, digest/],
  ['digest', (r: Loose): Loose => (r.digest = '0'.repeat(64)), /digest: 000/],
  ['arm name', (r: Loose): Loose => (r.arms[0].name = 'GD'), /arms/],
] as const)('verify finds a changed %s', async ([name, change, message]) => {
  const file = changed(name.replace(' ', '-'), change);
  const { code, stderr } = await descent(`verify ${file} --data tiny --quiet`, { cwd });
  expect(stderr).toMatch(message);
  expect(code).toBe(5);
});

test.for([
  ['verify nowhere.json', 3, /nowhere.json: expected a record but there is no such file/],
  ...['verify tiny', 'plot tiny', 'compare tiny a', 'export tiny --format csv'].map(
    (args) => [args, 3, /tiny: expected the folder of a run, but it has no run\.json/] as const,
  ),
  ['plot .', 3, /\.: expected the folder of a run.*\n +name one of the runs in it: a, b, naive/],
  ['export naives --format csv', 2, /naives has 2 records.*\n +name one of them: naives\/seed-1\/run\.json, /],
  ['export a -o x.onnx', 2, /a has 4 checkpoints.*\n +name one of them: a\/checkpoints\//],
  ['plot a -o new/', 2, /-o expects a file|cannot write new\//],
  ['plot tiny/t10k-labels-idx1-ubyte', 3, /is not a record/],
  ['verify a/run.json', 2, /--data DIR/],
  ['verify a/run.json --data tiny --variant relaxed-simd', 2, /--variant relaxed-simd/],
  ['plot a/run.json -o figure.bmp', 2, /-o expects a file that ends in \.svg or \.png or \.html/],
  ['plot a/run.json --format html --figure training-loss', 2, /--figure is not for html/],
  ['plot a/run.json -o a.html --theme dark', 2, /--theme is not for html/],
  ['plot a/run.json b/run.json', 2, /a\/run\.json and b\/run\.json differ in more than the seed: --sgd-lr/],
  ['plot a naive', 2, /differ in more than the seed: optimizer_compare_mnist and optimizer_compare_naive/],
  ['plot a a/run.json', 2, /seed 1 twice/],
  ['plot a/run.json --format png', 2, /png needs a file/],
  ['plot a/run.json --format pgn -o x', 2, /did you mean png\?/],
  ['plot a/run.json --figure nope', 2, /--figure expects one of training-loss/],
  ['plot a/run.json -o a/run.json/x/figure.svg', 2, /cannot write a\/run\.json/],
  ['compare a/run.json b/run.json --series nope', 2, /--series expects one of trainLoss/],
] as const)('descent %s', async ([args, expected, message]) => {
  const { code, stderr } = await descent(args, { cwd });
  expect(stderr).toMatch(message);
  expect(code).toBe(expected);
});

test('an option out of range in a record: 3', async () => {
  const { code, stderr } = await descent(`verify ${changed('range', (r) => (r.options.batchSize = 0))} --data tiny`, {
    cwd,
  });
  expect(stderr).toMatch(/--batch-size to be a whole number/);
  expect(code).toBe(3);
});

test.for(['a', 'naive'])('plot %s: SVG to stdout and to a file are the same', async (folder) => {
  const { stdout, code } = await descent(`plot ${folder}/run.json`, { cwd });
  await descent(`plot ${folder}/run.json -o ${folder}.svg`, { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
  expect(`${readFileSync(join(cwd, `${folder}.svg`), 'utf8').trimEnd()}\n`).toBe(stdout);
});

test.for(['svg', 'html'])('plot: a folder of seeds, its folders and its records are the same, %s', async (format) => {
  const one = await descent(`plot naives --format ${format}`, { cwd });
  const other = await descent(`plot naives/seed-2 naives/seed-1/run.json --format ${format}`, { cwd });
  expect(one.code).toBe(0);
  expect(one.stdout.length).toBeGreaterThan(1_000);
  expect(other.stdout).toBe(one.stdout);
});

test.for(['en', 'ko', 'ja'])('plot --lang %s: HTML to stdout and to a file are the same', async (lang) => {
  const { stdout, code } = await descent(`plot a/run.json --lang ${lang} --format html`, { cwd });
  await descent(`plot a/run.json --lang ${lang} -o a.html`, { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^<!doctype html>\n<html lang="${lang}">[\\s\\S]*</html>\n$`));
  expect(readFileSync(join(cwd, 'a.html'), 'utf8')).toBe(stdout);
});

test.for(['en', 'ko'])('plot --lang %s: PNG', async (lang) => {
  await descent(`plot naive/run.json --lang ${lang} -o ${lang}.png`, { cwd });
  const png = readFileSync(join(cwd, `${lang}.png`));
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect(png.readUInt32BE(16)).toBe(1520);
  expect(png.length).toBeGreaterThan(20_000);
});

test('plot: a PNG for each of several figures', async () => {
  await descent('run weight_init_activation_histogram --samples 20 --inputs 8 --hidden-sizes 8x5 --quiet --out bars', {
    cwd,
  });
  const { code } = await descent('plot bars/run.json -o bars.png', { cwd });
  expect(code).toBe(0);
  for (const name of ['sigmoid', 'tanh', 'relu']) {
    expect(readFileSync(join(cwd, `bars-activations-${name}.png`)).length).toBeGreaterThan(10_000);
  }
});

test('verify, compare and export take the folder of a run', async () => {
  expect((await descent('verify a --data tiny --quiet', { cwd })).stdout).toMatch(/✓ same/);
  const seeds = await descent('verify naives --quiet --json', { cwd });
  expect(JSON.parse(seeds.stdout)).toMatchObject({ same: true, runs: [{ seed: 1 }, { seed: 2 }] });
  const { stdout } = await descent('compare naives --json', { cwd });
  expect(JSON.parse(stdout).records).toEqual(['naives/seed-1/run.json', 'naives/seed-2/run.json']);
  const [whole, file] = await Promise.all(
    ['a', 'a/run.json'].map((path) => descent(`export ${path} --format csv`, { cwd })),
  );
  expect(whole).toEqual(file);
});

test.for([
  'plot a -o new/plots/a.svg',
  'plot a -o new/html/a.html',
  'export a -o new/tables/a.csv',
  'export a/checkpoints/Adam.safetensors -o new/onnx/a.onnx',
  'export a --format npy -o new/npy/a',
])('`-o` makes missing folders: %s', async (args) => {
  expect(await descent(args, { cwd })).toMatchObject({ code: 0, stdout: '' });
  expect(existsSync(join(cwd, args.split(' ').at(-1) as string))).toBe(true);
});

test('verify names the seed that differs', async () => {
  const file = join(cwd, 'naives/seed-2/run.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"holds": true', '"holds": false'));
  const { code, stdout, stderr } = await descent('verify naives --quiet --json', { cwd });
  writeFileSync(file, text);
  expect(stderr).toMatch(/the replay differs: seed 2, claim \S+, holds: false in the record, true in the replay/);
  expect(JSON.parse(stdout)).toMatchObject({ same: false, runs: [{ same: true }, { difference: { field: 'holds' } }] });
  expect(code).toBe(5);
});

test('compare names what differs', async () => {
  const { code, stdout } = await descent('compare a/run.json b/run.json', { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/seed +1 +2/);
  expect(stdout).toMatch(/--sgd-lr +0\.01 +0\.5/);
  expect(stdout).not.toMatch(/--adam-lr/);
  expect(stdout).toMatch(/SGD trainLoss/);
});

test('compare --json: numbers of the records by arm and measure, settings by name', async () => {
  const [a, b] = ['a', 'b'].map((run) => JSON.parse(readFileSync(join(cwd, run, 'run.json'), 'utf8')));
  const { format, settings, finals } = JSON.parse((await descent('compare a b --json', { cwd })).stdout);
  expect([format, settings]).toEqual(['descent-compare/2', { seed: [1, 2], options: { sgdLr: [0.01, 0.5] } }]);
  for (const [i, { name, final }] of a.arms.entries())
    for (const [measure, value] of Object.entries(final))
      expect(finals[name][measure]).toEqual([value, b.arms[i].final[measure]]);
});

test('doctor looks at the engine, the variants, the data and the fonts', async () => {
  const { code, stdout } = await descent('doctor', { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ simd128/);
  expect(stdout).toMatch(/✓ data .*the original files/);
  const broken = await descent('doctor --data nowhere --json', { cwd });
  const { checks } = JSON.parse(broken.stdout);
  expect(checks.find(({ name }: { name: string }) => name === 'data')).toMatchObject({ works: false });
});
