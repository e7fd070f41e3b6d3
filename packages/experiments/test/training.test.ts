import { describe, expect, test } from 'vitest';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { parseOptions } from '../src/options/options.ts';
import type { ArmSpec } from '../src/training/arm.ts';
import { Training } from '../src/training/training.ts';
import { classifier, optimizers, otherNetworks, type sgd, tinyContext, tinyData, train } from './bench.ts';

const names = Object.keys(optimizers);
const arms = names.map((name) => classifier({ optimizer: optimizers[name], evaluateEvery: 5 }, name));

const normed = classifier({ norm: 'batch', evaluateEvery: 5, optimizer: optimizers.Momentum }, 'batch norm');
const dropped = classifier(
  { norm: 'batch', dropout: 0.3, optimizer: optimizers.Adam, measures: ['train', 'test'] },
  'dropout',
);
const searched = classifier(
  {
    trial: { lr: 0.125, lrExponent: -0.9030899 },
    validationShare: 0.2,
    measures: ['train', 'validation'],
    evaluateEvery: 4,
  },
  'trial',
);
const probed = classifier({ norm: 'batch', activation: 'sigmoid', probeEvery: 5 }, 'probed');
const richer = [normed, dropped, searched, ...Object.values(otherNetworks), probed].flatMap(({ name, seed, task }) => [
  { name, seed, task },
  { name: `${name}, book`, seed, task: { ...task, dialect: 'book' } as typeof task },
]);

describe('a classifier', async () => {
  const context = await tinyContext();

  test('learns a data set that can be learned', async () => {
    const [record] = await train(context, [classifier({ steps: 300, optimizer: optimizers.Adam })]);
    expect(record?.final.testAccuracy).toBe(1);
    expect(record?.final.trainLoss).toBeLessThan(0.2);
    expect(record?.final.trainLoss).toBe(record?.series.trainLoss?.value.at(-1));
  });

  test('has the same initial weights and batches in every arm of a seed', async () => {
    const still = names.map((name) => ({
      ...classifier({ optimizer: { ...(optimizers[name] as typeof sgd), lr: 0 } }, name),
    }));
    const curves = (await train(context, still)).map(({ series }) => series.trainLoss);
    expect(new Set(curves.map((curve) => JSON.stringify(curve))).size).toBe(1);
    expect(new Set(curves[0]?.value).size).toBeGreaterThan(1);
  });

  test('depends on the seed', async () => {
    const records = await train(context, [classifier({}, 'one', 1), classifier({}, 'two', 2)]);
    expect(records[0]?.digest).not.toBe(records[1]?.digest);
  });

  test.each([
    ['modern', [0, 4, 8, 12]],
    ['book', [1, 5, 9]],
  ] as const)('measures accuracy at the steps of the %s dialect', async (dialect, steps) => {
    const [record] = await train(context, [classifier({ dialect, evaluateEvery: 4 })]);
    expect(record?.series.testAccuracy?.step).toEqual(steps);
    expect(record?.series.trainLoss?.step).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  test('measures the loss before the update, or after it in the dialect of the book', async () => {
    const [modern, book] = await train(context, [classifier({}, 'modern'), classifier({ dialect: 'book' }, 'book')]);
    const [before, after] = [modern?.series.trainLoss?.value, book?.series.trainLoss?.value] as [number[], number[]];
    for (const [i, loss] of before.entries()) expect(after[i]).toBeLessThan(loss);
    expect(book?.final.testLoss).toBe(modern?.final.testLoss);
  });

  test('uses at most `trainSamples` training examples', async () => {
    const few = await train(context, [classifier({ trainSamples: 10 }), classifier({ trainSamples: 1e6 }, 'all')]);
    const data = tinyData(context.device, 10);
    const [ten] = await train({ ...context, data }, [classifier({ trainSamples: 60 })]);
    const [sixty] = await train(context, [classifier({ trainSamples: 60 })]);
    expect(few.map(({ digest }) => digest)).toEqual([ten?.digest, sixty?.digest]);
    expect(ten?.digest).not.toBe(sixty?.digest);
  });

  test.each(['modern', 'book'] as const)('reports the step at which it diverges in the %s dialect', async (dialect) => {
    const fast = { kind: 'sgd', lr: 1e38, momentum: 0 } as const;
    const [record, other] = await train(context, [
      classifier({ dialect, optimizer: fast, hiddenSizes: [] }),
      arms[0] as ArmSpec,
    ]);
    expect(record?.status).toBe('diverged');
    expect(record?.divergence?.step).toBe(record?.series.trainLoss?.step.at(-1));
    const losses = record?.series.trainLoss?.value as number[];
    expect(losses.slice(0, -1).every(Number.isFinite)).toBe(true);
    expect(losses.at(-1)).not.toSatisfy(Number.isFinite);
    expect(record?.final).not.toHaveProperty('testAccuracy');
    expect(other?.status).toBe('finished');
  });

  test('rejects missing data', () => {
    expect(() => new Training(classifier(), { device: context.device })).toThrow(
      '[Training] expected data for arm but got none; load a data set first',
    );
  });

  test('frees its memory', async () => {
    const before = context.device.arena.used;
    await train(context, arms);
    expect(context.device.arena.used).toBe(before);
  });
});

test('results do not depend on arms that ran before', async () => {
  const together = await train(await tinyContext(), arms);
  const alone = await Promise.all(arms.map(async (arm) => (await train(await tinyContext(), [arm]))[0]));
  expect(alone).toEqual(together);
});

describe('a checkpoint', () => {
  const surface = optimizerCompareNaive.arms(parseOptions(optimizerCompareNaive.options, { steps: 6 }), 1);
  const book = classifier({ dialect: 'book', optimizer: { ...optimizers.Adam, epsilonHat: true } as never }, 'book');

  test.each([...arms, book, ...richer, ...surface].map((arm) => [arm.task.kind, arm.name, arm] as const))(
    'of a %s (%s) continues with the same bits from every step',
    async (_kind, _name, arm) => {
      const context = await tinyContext();
      const [whole] = await train(context, [arm]);
      for (let stop = 0; stop <= arm.task.steps; stop++) {
        const first = new Training(arm, context);
        const steps = first.run();
        for (let i = 0; i < stop; i++) steps.next();
        const checkpoint = structuredClone(first.snapshot());
        expect(checkpoint.step).toBe(stop);
        steps.next();
        first.release();
        const second = new Training(arm, context, checkpoint);
        for (const _ of second.run());
        expect(second.record()).toEqual(whole);
        second.release();
      }
    },
  );

  test('of another network is rejected', async () => {
    const context = await tinyContext();
    const checkpoint = new Training(classifier({ hiddenSizes: [3] }), context).snapshot();
    expect(() => new Training(classifier(), context, checkpoint)).toThrow(
      /expected \d+ bytes in the checkpoint of arm but got/,
    );
  });
});
