// Output fits 60 and 80 columns in every language and breaks only between words.
import { join } from 'node:path';
import { displayWidth } from '@descent/experiments';
import { beforeAll, describe, expect, test } from 'vitest';
import { table } from '../src/terminal/table.ts';
import { descent, scratch } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const maxWidth = (text: string) => Math.max(...text.split('\n').map(displayWidth));

test.for([
  [
    'that fits is one block',
    [
      ['arm', 'loss', ''],
      ['SGD', '0.5', ''],
    ],
    60,
    ['  arm  loss', '  SGD   0.5'],
  ],
  [
    'that is too wide breaks its head between words, aligned at the last line',
    [
      ['arm', 'test accuracy of the batch', 'loss', ''],
      ['SGD', '0.5', '1', 'diverged'],
    ],
    34,
    ['              test', '       accuracy of', '  arm    the batch  loss', '  SGD          0.5     1  diverged'],
  ],
  [
    'with too many columns continues below, with the first column repeated',
    [
      ['훈련', ...'ABCDEF', ''],
      ['조건', '0.111111', '0.222222', '0.333333', '0.444444', '0.555555', '0.666666', ''],
    ],
    40,
    [
      '  훈련         A         B         C',
      '  조건  0.111111  0.222222  0.333333',
      '',
      '  훈련         D         E         F',
      '  조건  0.444444  0.555555  0.666666',
    ],
  ],
] as const)('a table %s', ([, rows, columns, lines]) => {
  expect(table(rows, columns)).toBe(`${lines.join('\n')}\n`);
});

test.for([60, 120])('a table with long names, long cells or many columns fits %i columns', (columns) => {
  const words = ['accuracy', 'テスト正解率（バッチの統計）', '👍🏽', '\u001b[33mdiverged\u001b[39m'];
  for (const word of words)
    for (const count of [1, 9, 40])
      for (const repeated of [1, 50]) {
        const cells = Array.from({ length: count }, (_, i) => `${word} `.repeat((i * repeated) % 11));
        const row = cells.map((cell) => cell + word.repeat(repeated));
        expect(maxWidth(table([row, row, row], columns)), JSON.stringify(row)).toBeLessThanOrEqual(columns);
      }
});

const cwd = scratch();
const tiny = '--data tiny --hidden-sizes 8 --batch-size 10 --epochs 1 --train-samples 60 --quiet';
const bn = `run batch_norm_test ${tiny} --scales 2`;
const commands = [
  'list',
  'doctor --data tiny',
  bn,
  `${bn} --seeds 2`,
  `run hyperparameter_optimization ${tiny} --trials 4 --sampler narrowing --round-size 2 --optimizer adam`,
  'run optimizer_compare_naive --steps 3 --quiet --sgd-lr 1000',
  'run weight_init_activation_histogram --samples 20 --inputs 8 --hidden-sizes 8x5 --quiet',
  'compare a seeds naive',
];

beforeAll(async () => {
  writeFiles(join(cwd, 'tiny'), goodFiles());
  await descent(`${bn} --out a`, { cwd });
  await descent(`${bn} --seeds 2 --epochs 2 --out seeds`, { cwd });
  await descent('run optimizer_compare_naive --steps 3 --quiet --out naive', { cwd });
}, 60_000);

/** Paths and commands to copy are not broken. */
const isToCopy = (line: string) => /run\.json|^ {2}(?:npx @descent\/cli|descent) /.test(line);

describe.for([60, 80])('%i columns', (columns) => {
  test.for(commands)('descent %s', async (command) => {
    for (const lang of command.startsWith('doctor') ? [''] : [' --lang en', ' --lang ko', ' --lang ja']) {
      const { stdout, stderr, code } = await descent(command + lang, { cwd, env: { COLUMNS: `${columns}` } });
      expect([0, 4], stderr).toContain(code);
      expect(stdout.split('\n').filter((line) => displayWidth(line) > columns && !isToCopy(line))).toEqual([]);
    }
  });
});
