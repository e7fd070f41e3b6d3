// The first non-finite tensor of a diverged training.
import { expect, test } from 'vitest';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { classifier, optimizers, run, sgd, tinyContext, train } from './bench.ts';

const context = await tinyContext();
const huge = { kind: 'normal', std: 1e30 } as const;

test.each<[string, object, object]>([
  ['logits of the second layer', { init: huge, hiddenSizes: [4] }, { step: 1, layer: 'Linear', tensor: '2.output' }],
  [
    'a weight after a large update',
    { optimizer: { ...optimizers.Adam, lr: 3e38 } },
    { step: 1, layer: 'Linear', tensor: '0.weight' },
  ],
  ['a loss after finite weights', { optimizer: { ...sgd, lr: 1e37 } }, { layer: 'Linear' }],
  [
    'the loss of the evaluation that follows the update',
    { dialect: 'book', optimizer: { ...sgd, lr: 1e37 } },
    { layer: 'Linear', tensor: expect.stringMatching(/output$/) },
  ],
])('divergence reports %s', async (_, task, divergence) => {
  const [record] = await train(context, [classifier(task)]);
  expect(record).toMatchObject({ status: 'diverged', divergence });
});

test('locating a divergence does not change the digest', async () => {
  const records = await train(context, [
    classifier({ norm: 'batch', dropout: 0.5, init: huge }),
    classifier({ norm: 'batch', dropout: 0.5, init: huge }),
  ]);
  expect(records[0]?.digest).toBe(records[1]?.digest);
});

test('divergence reports the coordinates of a surface', async () => {
  const record = await run(optimizerCompareNaive, { sgdLr: 100, steps: 60 });
  expect(record.arms[0]?.divergence).toMatchObject({ layer: 'surface', tensor: expect.any(String) });
});
