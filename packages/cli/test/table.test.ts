// Output fits 60, 80 and 120 columns, in Korean and Japanese as well, and breaks between words only.
import { join } from 'node:path';
import { displayWidth } from '@descent/experiments';
import { beforeAll, describe, expect, test } from 'vitest';
import { table } from '../src/table.ts';
import { descent, scratch } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const widthOf = (text: string) => Math.max(...text.split('\n').map(displayWidth));
const short = [
  ['arm', 'loss', ''],
  ['SGD', '0.5', ''],
];

test('a table that fits is one block with one line of head', () => {
  expect(table(short, 60)).toBe('  arm  loss\n  SGD   0.5\n');
});

test('a head that is too wide breaks between words, and aligns at its last line', () => {
  const rows = [
    ['arm', 'test accuracy of the batch', 'loss', ''],
    ['SGD', '0.5', '1', 'diverged'],
  ];
  expect(table(rows, 34).split('\n')).toEqual([
    '              test',
    '       accuracy of',
    '  arm    the batch  loss',
    '  SGD          0.5     1  diverged',
    '',
  ]);
});

test('columns that do not fit follow below, beside the first one', () => {
  const rows = [
    ['훈련', ...'ABCDEF', ''],
    ['조건', '0.111111', '0.222222', '0.333333', '0.444444', '0.555555', '0.666666', ''],
  ];
  const text = table(rows, 40);
  expect(text.split('\n\n').map((block) => block.trimEnd().split('\n').at(-1))).toEqual([
    '  조건  0.111111  0.222222  0.333333',
    '  조건  0.444444  0.555555  0.666666',
  ]);
});

test.for([60, 80, 120])('long names, long cells, many columns: nothing is wider than %i', (columns) => {
  for (const word of [
    'accuracy',
    '정확도',
    '正解率',
    'テスト正解率（バッチの統計）',
    '\u1112\u1161\u11ab',
    '👍🏽',
    'é',
    '\u001b[33mdiverged\u001b[39m',
  ])
    for (const count of [1, 3, 9, 40])
      for (const repeated of [1, 7, 50]) {
        const row = Array.from(
          { length: count },
          (_, i) => `${word} `.repeat((i * repeated) % 11) + word.repeat(repeated),
        );
        const text = table([row, row, row], columns);
        expect(widthOf(text), JSON.stringify(row)).toBeLessThanOrEqual(columns);
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
  `run hyperparameter_optimization ${tiny} --trials 4`,
  `run hyperparameter_optimization ${tiny} --trials 4 --sampler narrowing --round-size 2 --optimizer adam`,
  'run optimizer_compare_naive --steps 3 --quiet --sgd-lr 1000',
  'run weight_init_activation_histogram --samples 20 --inputs 8 --hidden-sizes 8x5 --quiet',
  'compare a seeds naive',
  'bench kernels --quick --only matmulNT',
];

beforeAll(async () => {
  writeFiles(join(cwd, 'tiny'), goodFiles());
  await descent(`${bn} --out a`, { cwd });
  await descent(`${bn} --seeds 2 --epochs 2 --out seeds`, { cwd });
  await descent('run optimizer_compare_naive --steps 3 --quiet --out naive', { cwd });
}, 60_000);

/** Paths and commands to copy are not broken. */
const isToCopy = (line: string) => /run\.json|^ {2}(?:npx )?descent /.test(line);

describe.for([60, 80, 120])('%i columns', (columns) => {
  test.for(
    commands.flatMap((command) =>
      (/bench|doctor/.test(command) ? ['en'] : ['en', 'ko', 'ja']).map((lang) => [command, lang] as const),
    ),
  )('descent %s, %s', async ([command, lang]) => {
    const language = /bench|doctor/.test(command) ? '' : ` --lang ${lang}`;
    const { stdout, stderr, code } = await descent(command + language, { cwd, env: { COLUMNS: `${columns}` } });
    expect([0, 4], stderr).toContain(code);
    expect(stdout.split('\n').filter((line) => displayWidth(line) > columns && !isToCopy(line))).toEqual([]);
  });
});
