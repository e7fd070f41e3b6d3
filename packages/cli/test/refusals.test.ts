// What a user can get wrong: exit code 2 or 3, a message that names it, and nothing left behind. Never an internal error.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { descent, scratch, start } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();
const at = (name: string) => join(cwd, name);
writeFiles(at('tiny'), goodFiles({ train: 60, test: 20, side: 28 }));
writeFiles(at('three'), goodFiles({ train: 3, test: 2 }));
/** Images of 5 × 8. */
const wide = Buffer.concat([Buffer.from([0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 5, 0, 0, 0, 8]), Buffer.alloc(400)]);
const flat = { 'train-images-idx3-ubyte': wide, 't10k-images-idx3-ubyte': wide };
writeFiles(at('flat'), { ...goodFiles({ train: 10, test: 10 }), ...flat });
symlinkSync('/nowhere/at-all', at('dangling'));
symlinkSync('loop', at('loop'));
symlinkSync('file', at('link'));
writeFileSync(at('file'), 'something');
execFileSync('mkfifo', [at('pipe')]);
const nested = (depth: number) => `${'{"steps":'.repeat(depth)}1${'}'.repeat(depth)}`;
const configs = {
  deep: nested(50_000),
  array: `{"hiddenSizes":${'['.repeat(50_000)}1${']'.repeat(50_000)}}`,
  large: `{"steps": 3${' '.repeat(2 ** 20)}}`,
  twice: '{"batch-size": 8, "batchSize": 9}',
  snake: '{"batch_size": 8}',
  kebab: '{"batch-size": 8, "evaluate-every": 0}',
  blank: '{"hiddenSizes": " "}',
  empty: '',
};
for (const [name, text] of Object.entries(configs)) writeFileSync(at(`${name}.json`), text);
writeFileSync(at('format.json'), `{"format":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);

const naive = 'run optimizer_compare_naive --quiet';
const search = 'run hyperparameter_optimization --quiet --data tiny';
const mnist = 'run optimizer_compare_mnist --quiet --data tiny --steps 1 --hidden-sizes 3';
const rnn = 'run layer_norm_rnn --quiet --data';
const convnet = 'run convnet_vs_perceptron --quiet --data';

describe('descent', () => {
  test.concurrent.for([
    // Options that do not fit together, or the data.
    [`${search} --train-samples 2 --validation-share 0.2`, 2, /--validation-share 0\.2 of 2 .*--train-samples/],
    ['run hyperparameter_optimization --data three --trials 2', 2, /--validation-share 0\.2 of 3 .*--train-samples/],
    [`${search} --pruner median --evaluate-every 0`, 2, /--evaluate-every.*--pruner/],
    [`${search} --pruner halving --first-rung 2 --evaluate-every 3`, 2, /--first-rung.*--evaluate-every/],
    [`${search} --weight-decay-low -1`, 2, /--weight-decay-low.*--weight-decay-high/],
    [`${rnn} three`, 2, /--sequence-steps must divide the 16 pixels of an image, got 28/],
    [`${convnet} three`, 2, /6 × 6 pixels or more for 1 --channels with --kernel-size 5 but got 16 pixels/],
    [`${convnet} flat --kernel-size 1`, 2, /square images .* but got 40 pixels/],
    // Numbers that float32 does not have.
    [`${mnist} --sgd-lr 1e-50`, 2, /--sgd-lr "1e-50" is 0 in float32; the smallest positive number is 1\.4e-45/],
    [`${mnist} --weight-decay 1e-400`, 2, /--weight-decay "1e-400" is 0 in float32/],
    [`${naive} --start-x -1e-60`, 2, /--start-x "-1e-60" is 0 in float32/],
    [`${mnist} --sgd-lr 1e39`, 2, /--sgd-lr to be a number from 0 to 1000/],
    // Folders and links.
    [`${naive} --out dangling`, 2, /cannot write dangling: it is a symbolic link to \/nowhere\/at-all, which does not/],
    [`${naive} --out dangling/run`, 2, /cannot write dangling: it is a symbolic link/],
    [`${naive} --out loop`, 2, /cannot write loop: it is a symbolic link to loop/],
    [`${naive} --out link`, 2, /cannot write link: it is a file/],
    [`${naive} --out file/run`, 2, /cannot write file\/run: a part of its path is a file/],
    [`${naive} --out /proc/new`, 2, /cannot write \/proc\/new: no such file or folder/],
    [`${naive} --out new/${'x'.repeat(300)}`, 2, /its name is too long/],
    [`${naive} --tensorboard dangling`, 2, /cannot write dangling: it is a symbolic link/],
    [`${naive} --tensorboard file/logs`, 2, /cannot write file\/logs: a part of its path is a file/],
    ['run --resume dangling', 3, /dangling\/journal.jsonl: expected the journal of a run/],
    ['run --resume loop', 3, /loop\/journal.jsonl: .*symbolic links form a loop/],
    ['run --resume file', 3, /file\/journal.jsonl: .*a part of its path is a file/],
    [`${mnist} --data dangling`, 3, /dangling: expected the four IDX files/],
    // Configuration and other files.
    [`${naive} --config deep.json`, 2, /expected steps to be a number, a text or a list of these, but it is nested/],
    [`${naive} --config array.json`, 2, /expected hiddenSizes to be .* nested/],
    [`${naive} --config large.json`, 2, /--config large.json: it is larger than 1 MiB/],
    [`${naive} --config twice.json`, 2, /--config twice.json: batchSize is given twice/],
    [`${mnist} --config snake.json`, 2, /"batch_size" is not an option .*did you mean --batch-size\?/],
    [`${search} --config blank.json`, 2, /--hidden-sizes to be none, or 1 to 32 whole numbers .* but got " "/],
    [`${naive} --config empty.json`, 2, /--config empty.json: it is empty/],
    [`${naive} --config pipe`, 2, /--config pipe: it is empty/],
    [`${naive} --config /dev/zero`, 2, /--config \/dev\/zero: it is a device/],
    [`${naive} --config .`, 2, /--config .: it is a folder/],
    ['verify /dev/zero', 3, /\/dev\/zero: expected a record but got it is a device/],
    ['plot pipe', 3, /pipe is not a record/],
    ['compare loop loop', 2, /symbolic links form a loop/],
    ['export /dev/zero', 3, /\/dev\/zero: expected a checkpoint or a record but got it is a device/],
    ['bench --baseline /dev/zero', 3, /\/dev\/zero: .* it is a device/],
    ['bench --baseline format.json', 3, /expected the format descent-bench\/1 but got none/],
    // Addresses of a queue.
    [
      `${naive} --queue localhost`,
      2,
      /--queue .or DESCENT_QUEUE. expects redis:\/\/\[name:password@\]host\[:port\]\[\/db\], or rediss:\/\//,
    ],
    ['worker --queue http://localhost:6379', 2, /--queue .or DESCENT_QUEUE. expects redis:\/\/\[name:password@\]host/],
    ['doctor --queue localhost:6379', 2, /--queue .or DESCENT_QUEUE. expects redis:\/\/\[name:password@\]host/],
    // Forgotten values.
    [`${naive} --out --seed=3`, 2, /--out needs a value but got "--seed=3"/],
  ] as const)('%s', async ([args, exitCode, message]) => {
    const words = args.split(' ');
    const isRun = words.includes('--quiet') && !/--out|--resume/.test(args);
    const out = `out-${args.replace(/\W+/g, '-').slice(0, 80)}`;
    const { code, stdout, stderr } = await start([...words, ...(isRun ? ['--out', `${out}/a/b`] : [])], { cwd })
      .whenEnded;
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/internal error/);
    expect(code).toBe(exitCode);
    expect(stdout).toBe('');
    expect(existsSync(at(out))).toBe(false);
    expect(readdirSync(cwd)).not.toContain('new');
  });

  test.concurrent.for([
    ['run optimizer_compare_mnist --hidden-sizes', ' ', /--hidden-sizes to be none, or 1 to 32 whole numbers/],
    ['run optimizer_compare_mnist --data', '', /--data needs a value but got ""/],
    ['run optimizer_compare_naive --out', ' ', /--out needs a value but got " "/],
    ['run optimizer_compare_naive --seed', '', /--seed needs a value but got ""/],
    ['run optimizer_compare_naive --sgd-lr', ' ', /--sgd-lr to be a number from 0 to 1000 but got " "/],
    ['run optimizer_compare_naive --config', '', /--config needs a value/],
    ['run --resume', '', /--resume needs a value/],
    ['run', '', /an argument needs a value but got ""/],
    ['plot', '', /an argument needs a value/],
    ['bench --only', '', /--only needs a value/],
    ['worker --queue', '', /--queue needs a value/],
  ] as const)('%s "%s"', async ([args, blank, message]) => {
    const { code, stderr } = await start([...args.split(' '), blank], { cwd }).whenEnded;
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

test('a run refused for lack of memory leaves nothing, also where only a later arm is too large', async () => {
  const large = `run batch_norm_limits --quiet --data tiny --steps 1 --batch-sizes 1,4096 --hidden-sizes 4096x9 --out mem/run`;
  const { code, stderr } = await descent(large, { cwd });
  expect(stderr).toMatch(/memory/);
  expect(code).toBe(2);
  expect(existsSync(at('mem'))).toBe(false);
  expect((await descent(`${mnist} --out mem/run`, { cwd })).code).toBe(0);
}, 120_000);

test('options are read in both spellings, and `none` is no hidden layer', async () => {
  const run =
    'run optimizer_compare_mnist --quiet --json --data tiny --steps 1 --hidden-sizes none --config kebab.json';
  const { code, stdout } = await descent(run, { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout).options).toMatchObject({ batchSize: 8, evaluateEvery: 0, hiddenSizes: [] });
});

const shell = (line: string) => {
  const env = {
    ...process.env,
    NODE: process.execPath,
    DESCENT: new URL('../bin/descent.js', import.meta.url).pathname,
  };
  try {
    execFileSync('bash', ['-c', `descent() { "$NODE" "$DESCENT" "$@"; }; ${line}`], { cwd, env, stdio: 'pipe' });
    return { code: 0, stderr: '' };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: Buffer };
    return { code: status, stderr: String(stderr) };
  }
};

describe.skipIf(!existsSync('/dev/full'))('a full disk behind the output', () => {
  test.for([
    'list',
    '--help',
    '--version',
    'help run',
    'run --help',
    'doctor',
    `${naive} --out full`,
    `${naive} --json --out full-json`,
    'verify made',
    'plot made',
    'compare made made',
    'export made --format csv',
    'web --port 0',
  ])('%s > /dev/full', (args) => {
    if (!existsSync(at('made'))) shell(`descent ${naive} --out made`);
    const { code, stderr } = shell(`timeout 20 "$NODE" "$DESCENT" ${args} > /dev/full`);
    expect(stderr).toMatch(/error: cannot write the output: the disk is full/);
    expect(code).toBe(2);
  });

  test('messages that cannot be written change nothing', () => {
    expect(shell('descent list 2>/dev/full >list.txt').code).toBe(0);
    expect(shell('descent run optimizer_compare_naive --out unheard 2>/dev/full').code).toBe(0);
    expect(readFileSync(at('list.txt'), 'utf8')).toMatch(/optimizer_compare_naive/);
    expect(shell('descent run nope 2>/dev/full').code).toBe(2);
    expect(shell('descent list >&- 2>&-').code).toBe(0);
  });

  test('-o writes to a device, through a link, and not into nothing', () => {
    shell(`descent ${naive} --out drawn`);
    expect(shell('descent plot drawn --format svg -o /dev/full')).toMatchObject({
      code: 2,
      stderr: /the disk is full/,
    });
    symlinkSync('/dev/null', at('null'));
    expect(shell('descent plot drawn --format svg -o null').code).toBe(0);
    expect(shell('descent plot drawn --format svg -o dangling').stderr).toMatch(/dangling: it is a symbolic link to/);
    expect(shell('descent plot drawn --format svg -o .').stderr).toMatch(/cannot write \.: it is a folder/);
    writeFileSync(at('target.svg'), '');
    symlinkSync('target.svg', at('link.svg'));
    expect(shell('descent plot drawn -o link.svg').code).toBe(0);
    expect(readFileSync(at('target.svg'), 'utf8')).toMatch(/^<svg/);
  });
});

test('commands that are suggested can be pasted into a shell', () => {
  mkdirSync(at('odd'));
  for (const name of ["with space's", '$HOME `x`', '-dash', 'new\nline', 'tilde~', '한글']) {
    const { stderr } = shell(
      `cd odd; descent run optimizer_compare_naive --out=${JSON.stringify(name)
        .replace(/[$`]/g, '\\$&')
        .replace(
          /^"(.*)"$/s,
          (_, text) => `$'${text.replaceAll("'", "\\'").replaceAll('\\$', '$').replaceAll('\\`', '`')}'`,
        )} > printed`,
    );
    expect(stderr).not.toMatch(/error/);
    const printed = readFileSync(at('odd/printed'), 'utf8');
    const command = /^ {2}(?:npx )?(descent verify .*)$/m.exec(printed)?.[1];
    expect(shell(`cd odd; ${command}`)).toEqual({ code: 0, stderr: '' });
  }
});

afterAll(() => expect(readFileSync(at('file'), 'utf8')).toBe('something'));
