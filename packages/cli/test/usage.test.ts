// Wrong calls exit with code 2 or 3 and a message that names the mistake; a refused run leaves no files.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { descent, scratch, shell } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
const at = (name: string) => join(cwd, name);
const files = {
  'unknown.json': '{"stepz": 3}',
  'array.json': `{"hiddenSizes":${'['.repeat(50_000)}1${']'.repeat(50_000)}}`,
  'twice.json': '{"batch-size": 8, "batchSize": 9}',
  'snake.json': '{"batch_size": 8}',
  'kebab.json': '{"batch-size": 8, "evaluate-every": 0}',
  'blank.json': '{"hiddenSizes": " "}',
  file: 'something',
};
for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
writeFiles(at('tiny'), goodFiles({ train: 60, test: 20, side: 28 }));
writeFiles(at('three'), goodFiles({ train: 3, test: 2 }));
symlinkSync('/nowhere/at-all', at('dangling'));
symlinkSync('loop', at('loop'));
symlinkSync('file', at('link'));
execFileSync('mkfifo', [at('pipe')]);

const naive = 'run optimizer_compare_naive';
const search = 'run hyperparameter_optimization --data tiny';
const mnist = 'run optimizer_compare_mnist --data tiny --steps 1 --hidden-sizes 3';
const rnn = 'run layer_norm_rnn --data';
const convnet = 'run convnet_vs_perceptron --data';

test.for([
  // Names of commands, flags and experiments.
  ['rnu', 2, /unknown command rnu.*did you mean run\?/],
  ['--nope', 2, /unknown flag --nope\n/],
  ['help verfy', 2, /unknown command verfy; did you mean verify\?/],
  ['list extra', 2, /too many arguments/],
  ['run', 2, /needs the name of an experiment/],
  ['run optimizer_compare_nave', 2, /no experiment optimizer_compare_nave; did you mean optimizer_compare_naive\?/],
  ['run --out batch_norm_test optimizer_compare_naive --scales 2', 2, /unknown flag --scales/],
  [`${naive} --sed 3`, 2, /unknown flag --sed; did you mean --seed\?/],
  ['plot', 2, /missing required argument record/],
  ['run --resume x --seed 3', 2, /--resume takes its options from the journal, so --seed cannot be given/],
  // Values.
  [`${naive} --steps`, 2, /--steps needs a value/],
  [`${naive} --steps 0`, 2, /--steps to be a whole number from 1 to \d+ but got "0"/],
  [`${naive} --seed 4294967295 --seeds 2`, 2, /--seeds expects at most 1/],
  [`${naive} --variant simd`, 2, /--variant to be one of .* but got "simd"\n/],
  [`${naive} --variant relaxed-simd`, 2, /--variant relaxed-simd/],
  [`${mnist} --sgd-lr 1e-50`, 2, /--sgd-lr "1e-50" is 0 in float32; the smallest positive number is 1\.4e-45/],
  [`${naive} --queue localhost`, 2, /--queue .or DESCENT_QUEUE. expects redis:\/\/\[name:password@\]host\[:port\]/],
  // Options that do not fit together, or the data.
  [`${search} --train-samples 2 --validation-share 0.2`, 2, /--validation-share 0\.2 of 2 .*--train-samples/],
  [`${search} --lr-low -1`, 2, /--lr-low must be at most --lr-high/],
  [`${rnn} three`, 2, /--sequence-steps must divide the 16 pixels of an image, got 28/],
  [`${convnet} three`, 2, /--channels 16 with --kernel-size 5 needs square images of at least 6 × 6 pixels, got 16/],
  [`${mnist} --hidden-sizes 4096x32`, 2, /limited to 4 GiB, cannot allocate \d+ bytes with \d+ in use/],
  [`${naive} --out dangling`, 2, /cannot write dangling: it is a symbolic link to \/nowhere\/at-all, which does not/],
  [`${naive} --out link`, 2, /cannot write link: it is a file/],
  [`${naive} --out new/${'x'.repeat(300)}`, 2, /its name is too long/],
  [`${naive} --tensorboard file`, 2, /cannot write file: it is a file/],
  ['run --resume dangling', 3, /dangling\/journal.jsonl: expected the journal of a run/],
  [`${mnist} --data dangling`, 3, /dangling: expected the four IDX files/],
  // Configuration and other files.
  [`${naive} --config unknown.json`, 2, /"stepz" is not an option .* did you mean --steps\?/],
  [`${naive} --config array.json`, 2, /expected hiddenSizes to be .* nested/],
  [`${naive} --config twice.json`, 2, /--config twice.json: batchSize is given twice/],
  [`${mnist} --config snake.json`, 2, /"batch_size" is not an option .*did you mean --batch-size\?/],
  [`${search} --config blank.json`, 2, /--hidden-sizes to be none, or 1 to 32 whole numbers .* but got " "/],
  [`${naive} --config pipe`, 2, /--config pipe: it is empty/],
  [`${naive} --config /dev/zero`, 2, /--config \/dev\/zero: it is a device/],
  ['verify /dev/zero', 3, /\/dev\/zero: expected a record but it is a device/],
] as const)('descent %s: %i', async ([args, exitCode, message]) => {
  const isRun = args.startsWith('run') && !/--out|--resume/.test(args);
  const { code, stdout, stderr } = await descent(isRun ? args.replace('run', 'run --quiet --out new/a/b') : args, {
    cwd,
  });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/internal error/);
  expect([code, stdout]).toEqual([exitCode, '']);
  expect(existsSync(at('new'))).toBe(false);
});

test.for([
  [`${naive} --out`, ' ', /--out needs a value but got " "/],
  [`${naive} --sgd-lr`, ' ', /--sgd-lr to be a number from 0 to 1000 but got " "/],
  ['run', '', /an argument needs a value but got ""/],
  ['worker --queue', '', /--queue needs a value/],
] as const)('descent %s "%s": 2', async ([args, blank, message]) => {
  const { code, stderr } = await descent([...args.split(' '), blank], { cwd });
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test.for([
  ['', /Usage: descent/],
  ['--help', /Usage: descent[\s\S]*Example:/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
  ['run --help', /--check-claims[\s\S]*Example:/],
  [`${naive} --help`, /--sgd-lr <value> [\s\S]*to\s+1000;\s+default 0\.95[\s\S]*Example:/],
  ['run --out batch_norm_test optimizer_compare_naive --help', /Options of optimizer_compare_naive/],
  ['list', /optimizer_compare_naive\n {2}\S/],
  ['list --lang ja', /最適化/],
  ...['list', 'plot', 'verify', 'compare', 'doctor', 'export', 'web', 'worker', 'bench'].map(
    (command) => [`${command} --help`, /Example:/] as const,
  ),
] as const)('descent %s: 0', async ([args, output]) => {
  const { code, stdout, stderr } = await descent(args, { cwd });
  expect(stdout).toMatch(output);
  expect([code, stderr]).toEqual([0, '']);
});

test('options have two spellings, and `none` is no hidden layer', async () => {
  const run = `${mnist} --quiet --json --hidden-sizes none --config kebab.json`;
  const { code, stdout } = await descent(run, { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).options).toMatchObject({ batchSize: 8, evaluateEvery: 0, hiddenSizes: [] });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk behind stdout', () => {
  test.for(['list', `${naive} --json --out full-json`, 'web --port 0'])(
    'descent %s > /dev/full exits with code 2',
    (args) => {
      const { code, stderr } = shell(`timeout 20 "$NODE" "$DESCENT" ${args} > /dev/full`, cwd);
      expect(stderr).toMatch(/error: cannot write the output: the disk is full/);
      expect(code).toBe(2);
    },
  );

  test('messages that cannot be written change nothing', () => {
    expect(shell(`descent ${naive} --out unheard 2>/dev/full >list.txt`, cwd).code).toBe(0);
    expect(readFileSync(at('list.txt'), 'utf8')).toMatch(/Claims/);
    expect(shell('descent run nope 2>/dev/full', cwd).code).toBe(2);
    expect(shell('descent list >&- 2>&-', cwd).code).toBe(0);
  });
});

test('`-o` writes to a device and through a link, but not to a broken link or a folder', async () => {
  await descent(`${naive} --quiet --out drawn`, { cwd });
  symlinkSync('/dev/null', at('null'));
  writeFileSync(at('target.svg'), '');
  symlinkSync('target.svg', at('link.svg'));
  const plot = async (file: string) => (await descent(`plot drawn --format svg -o ${file}`, { cwd })).stderr;
  expect(await plot('null')).toBe('null\n');
  expect(await plot('dangling')).toMatch(/dangling: it is a symbolic link to/);
  expect(await plot('.')).toMatch(/cannot write \.: it is a folder/);
  expect(await plot('link.svg')).toBe('link.svg\n');
  expect(readFileSync(at('target.svg'), 'utf8')).toMatch(/^<svg/);
});

test('suggested commands can be pasted into a shell', async () => {
  mkdirSync(at('odd'));
  for (const name of ["with space's", '$HOME `x`', '-dash', '한글']) {
    const { stdout } = await descent(['run', 'optimizer_compare_naive', '--quiet', `--out=${name}`], {
      cwd: at('odd'),
    });
    const command = / (verify .*)$/m.exec(stdout)?.[1];
    expect(shell(`descent ${command}`, at('odd'))).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('error'),
    });
  }
  expect(readdirSync(at('odd'))).toHaveLength(4);
});
