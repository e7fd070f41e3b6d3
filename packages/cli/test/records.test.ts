// Commands that read records: verify, plot, compare, export.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { descent, scratch, spawnDescent } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
writeFiles(join(cwd, 'tiny'), goodFiles());
const tiny = 'run optimizer_compare_mnist --data tiny --steps 40 --hidden-sizes 8 --batch-size 16 --quiet --json';
const bars = 'run weight_init_activation_histogram --samples 20 --inputs 8 --hidden-sizes 8x5 --quiet';
const search = 'run hyperparameter_optimization --data tiny --trials 4 --epochs 2 --hidden-sizes 8 --train-samples 60';
const adam = 'a/checkpoints/Adam.safetensors';

// biome-ignore lint/suspicious/noExplicitAny: tests change any field of a record
type Loose = any;
let record: string;
beforeAll(async () => {
  record = (await descent(`${tiny} --out a`, { cwd })).stdout;
  await descent(`${tiny} --sgd-lr 0.5 --seed 2 --out b`, { cwd });
  await descent('run optimizer_compare_naive --quiet --out naive', { cwd });
  await descent('run optimizer_compare_naive --quiet --out naives --seeds 2', { cwd });
  await descent(`${bars} --out bars`, { cwd });
  await descent(`${search} --batch-size 10 --quiet --out search`, { cwd });
}, 60_000);

const read = (file: string) => readFileSync(join(cwd, file));
const run = (args: string) => descent(args, { cwd });

/** Writes the record with a change. */
function writeChanged(name: string, change: (record: Loose) => void): string {
  const copy = JSON.parse(record);
  change(copy);
  writeFileSync(join(cwd, `${name}.json`), JSON.stringify(copy));
  return `${name}.json`;
}

/** Returns a float32 next to a value. */
function neighbor(value: number): number {
  const words = new Uint32Array(Float32Array.of(value).buffer);
  words[0] = (words[0] as number) ^ 1;
  return new Float32Array(words.buffer)[0] as number;
}

test('verify finds the same bits with threads and another variant', async () => {
  const { code, stdout } = await spawnDescent('verify a --data tiny --quiet --jobs 3 --variant scalar', { cwd });
  expect(stdout).toMatch(/✓ same result, bit for bit: 4 arms/);
  expect(code).toBe(0);
});

test.for([
  ['0.1.0', /made with version 0\.1\.0, whose results can differ from those of this version, [\d.]+: arm Momentum/],
  [undefined, /made with an unknown version, whose results can differ/],
] as const)('verify names the version of a record of version %s that differs', async ([version, message]) => {
  const older = writeChanged('older', (r: Loose) => (r.environment.descent = version));
  expect(await run(`verify ${older} --data tiny --quiet`)).toMatchObject({ code: 0 });
  const file = writeChanged('different', (r: Loose) => {
    r.environment.descent = version;
    r.arms[1].final.testAccuracy = 1;
  });
  const { code, stdout, stderr } = await run(`verify ${file} --data tiny --quiet --json`);
  expect(stderr).toMatch(message);
  expect(stderr).toContain('CHANGELOG.md');
  expect(JSON.parse(stdout)).toMatchObject({ same: false, madeWith: version ?? null });
  expect(code).toBe(5);
});

test.for([
  [
    'value',
    (r: Loose): Loose => (r.arms[2].series.trainLoss.value[17] = neighbor(r.arms[2].series.trainLoss.value[17])),
    /arm AdaGrad, trainLoss at step 18/,
  ],
  ['option', (r: Loose): Loose => (r.options.adamLr = 0.002), /arm Adam, trainLoss at step 2:/],
  ['digest', (r: Loose): Loose => (r.digest = '0'.repeat(64)), /digest: 000/],
  ['arm name', (r: Loose): Loose => (r.arms[0].name = 'GD'), /arms/],
] as const)('verify finds a changed %s', async ([name, change, message]) => {
  const file = writeChanged(name.replace(' ', '-'), change);
  const { code, stderr } = await run(`verify ${file} --data tiny --quiet`);
  expect(stderr).toMatch(message);
  expect(code).toBe(5);
});

test('verify names the seed that differs', async () => {
  const same = JSON.parse((await run('verify naives --quiet --json')).stdout);
  expect(same).toMatchObject({ same: true, runs: [{ seed: 1 }, { seed: 2 }] });
  const file = join(cwd, 'naives/seed-2/run.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"holds": true', '"holds": false'));
  const { code, stdout, stderr } = await run('verify naives --quiet --json');
  writeFileSync(file, text);
  expect(stderr).toMatch(/the replay differs: seed 2, claim \S+, holds: false in the record, true in the replay/);
  expect(JSON.parse(stdout)).toMatchObject({ same: false, runs: [{ same: true }, { difference: { field: 'holds' } }] });
  expect(code).toBe(5);
});

test.for([
  ['verify nowhere.json', 3, /nowhere.json: expected a record but there is no such file/],
  ...['verify tiny', 'plot tiny', 'compare tiny a', 'export tiny --format csv'].map(
    (args) => [args, 3, /tiny: expected the folder of a run, but it has no run\.json/] as const,
  ),
  ['verify a', 2, /--data DIR/],
  ['verify range.json --data tiny', 3, /--batch-size to be a whole number/],
  ['plot .', 3, /\.: expected the folder of a run.*\n +name one of the runs in it: a, b, bars, naive/],
  ['plot a/run.json b/run.json', 2, /a\/run\.json and b\/run\.json differ in more than the seed: --sgd-lr/],
  ['plot a --format png', 2, /png needs a file/],
  ['plot bars', 2, /stdout takes one figure/],
  ['export /dev/zero', 3, /\/dev\/zero: expected a checkpoint or a record but it is a device/],
  ['export a -o x.onnx', 2, /a has 4 checkpoints.*\n +name one of them: a\/checkpoints\//],
  ['export a/run.json --format onnx', 2, /--format expects one of csv, json, npy, optuna for a record but got onnx/],
  [`export ${adam} --format onnx`, 2, /onnx needs a file/],
] as const)('descent %s: %i', async ([args, expected, message]) => {
  writeChanged('range', (r) => (r.options.batchSize = 0));
  const { code, stdout, stderr } = await run(args);
  expect(stderr).toMatch(message);
  expect([code, stdout]).toEqual([expected, '']);
});

test.for([
  ['plot a --format svg', 'svg', /^<svg[\s\S]*<\/svg>\n$/],
  ['plot a --lang ko --format html', 'html', /^<!doctype html>\n<html lang="ko">/],
  ['export a --format csv', 'csv', /^arm,measure,step,value\nSGD,trainLoss,1,/],
  ['export search --format json', 'json', /^\[/],
  ['export search --format optuna', 'log', /^\{"op_code"/],
] as const)('%s writes the same to stdout and to a file in a new folder', async ([args, extension, content]) => {
  const { stdout } = await run(args);
  expect(stdout).toMatch(content);
  const file = `out/${args.replace(/\W+/g, '-')}/file.${extension}`;
  expect(await run(`${args} -o ${file}`)).toMatchObject({ code: 0, stdout: '', stderr: `${file}\n` });
  expect(read(file).toString().trimEnd()).toBe(stdout.trimEnd());
});

test('plot draws PNG in every language, one file per figure', async () => {
  await run('plot naive --lang ko -o ko.png');
  const png = read('ko.png');
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect(png.readUInt32BE(16)).toBe(1520);
  await run('plot bars -o bars.png');
  for (const name of ['sigmoid', 'tanh', 'relu'])
    expect(read(`bars-activations-${name}.png`).length).toBeGreaterThan(10_000);
});

test('compare lists only settings that differ', async () => {
  const { stdout } = await run('compare a/run.json b');
  expect(stdout).toMatch(/seed +1 +2/);
  expect(stdout).toMatch(/--sgd-lr +0\.01 +0\.5/);
  expect(stdout).not.toMatch(/--adam-lr/);
  expect(stdout).toMatch(/SGD trainLoss/);
});

test('`compare --json` has the final values by arm and measure', async () => {
  const [a, b] = ['a', 'b'].map((folder) => JSON.parse(read(`${folder}/run.json`).toString()));
  const { format, settings, finals } = JSON.parse((await run('compare a b --json')).stdout);
  expect([format, settings]).toEqual(['descent-compare/2', { seed: [1, 2], options: { sgdLr: [0.01, 0.5] } }]);
  for (const [i, { name, final }] of a.arms.entries())
    for (const [measure, value] of Object.entries(final))
      expect(finals[name][measure]).toEqual([value, b.arms[i].final[measure]]);
  const seeds = JSON.parse((await run('compare naives --json')).stdout);
  expect(seeds.records).toEqual(['naives/seed-1/run.json', 'naives/seed-2/run.json']);
});

test('export writes the same ONNX twice, with probabilities by `--softmax`', async () => {
  for (const file of ['a.onnx', 'b.onnx']) await run(`export ${adam} -o ${file}`);
  await run(`export ${adam} --softmax --format onnx -o c.bin`);
  expect(read('a.onnx').equals(read('b.onnx'))).toBe(true);
  expect(read('a.onnx').includes('Gemm')).toBe(true);
  expect([read('a.onnx').includes('Softmax'), read('c.bin').includes('Softmax')]).toEqual([false, true]);
});

test('export writes weights without the optimizer, which can be exported again', async () => {
  await run(`export ${adam} -o weights.safetensors`);
  expect((await run('export weights.safetensors -o again.onnx')).code).toBe(0);
  expect(read('weights.safetensors').length).toBeLessThan(read(adam).length / 2);
  expect(read('weights.safetensors').includes('optimizer.')).toBe(false);
});

test('export writes trials or series of a search, and series as npy files', async () => {
  const trials = await run('export search --format csv');
  expect(trials.stdout.trimEnd().split('\n').length).toBe(5);
  const series = await run('export search --format json --table series');
  expect(JSON.parse(series.stdout)[0]).toHaveProperty('measure');
  await run('export a --format npy -o arrays');
  expect(readdirSync(join(cwd, 'arrays'))).toContain('SGD.trainLoss.value.npy');
});

test('doctor checks the engine, the variants and the data', async () => {
  const { code, stdout } = await run('doctor');
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ simd128/);
  expect(stdout).toMatch(/✓ data .*the original files/);
  const { checks } = JSON.parse((await run('doctor --data nowhere --json')).stdout);
  expect(checks.find(({ name }: { name: string }) => name === 'data')).toMatchObject({ works: false });
});

test('a record and a config file can have Windows line ends, a byte order mark, or UTF-16', async () => {
  const toWindows = (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`;
  const text = read('naive/run.json').toString();
  const { digest } = JSON.parse(text);
  for (const encoding of ['utf8', 'utf16le'] as const) {
    writeFileSync(join(cwd, 'windows.json'), toWindows(text), encoding);
    expect((await run('verify windows.json --quiet')).code).toBe(0);
    writeFileSync(join(cwd, 'config.json'), toWindows('{\n  "steps": 30\n}\n'), encoding);
    const { stdout } = await run('run optimizer_compare_naive --quiet --json --config config.json');
    expect(JSON.parse(stdout).digest).toBe(digest);
  }
  for (const file of ['run.json', 'journal.jsonl']) expect(read(`naive/${file}`).includes('\r')).toBe(false);
});
