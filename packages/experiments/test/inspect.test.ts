import { describe, expect, test } from 'vitest';
import { optimizerCompareNaive } from '../src/catalog/optimizer-compare-naive/index.ts';
import { parseOptions } from '../src/options/options.ts';
import type { ArmSpec, ClassifierTask } from '../src/training/arm.ts';
import { firstWeights, inspect, type Mode, misclassified, predict } from '../src/training/inspect.ts';
import { Training, type TrainingContext } from '../src/training/training.ts';
import { classifier, optimizers, otherNetworks, tinyContext, train } from './bench.ts';

const arms: readonly ArmSpec[] = [
  classifier({}, 'plain'),
  classifier({ norm: 'batch', dropout: 0.3, optimizer: optimizers.Adam, probeEvery: 5, evaluateEvery: 3 }, 'dropout'),
  classifier({ norm: 'layer', activation: 'tanh', dialect: 'book', dropout: 0.2 }, 'book'),
  otherNetworks.batchRecurrent,
  otherNetworks.convnet,
];
const modes: readonly Mode[] = ['evaluation', 'training'];

/** Returns the training of an arm after some steps. */
function trainSteps(arm: ArmSpec, context: TrainingContext, steps = 5): Training {
  const training = new Training(arm, context);
  const run = training.run();
  for (let i = 0; i < steps; i++) run.next();
  return training;
}

/** Returns the test examples of the tiny data. */
const getTestExamples = ({ data }: TrainingContext) => (data as NonNullable<TrainingContext['data']>).test;

describe('inspection', () => {
  test.each(arms.flatMap((arm) => modes.map((mode) => [arm.name, mode, arm] as const)))(
    'of %s in %s mode does not change the training',
    async (_name, mode, arm) => {
      const context = await tinyContext();
      const [expected] = await train(context, [arm]);
      const examples = getTestExamples(context);
      const training = new Training(arm, context);
      const used = context.device.arena.used;
      const inspectAll = () => {
        inspect(training, examples, mode);
        misclassified(training, examples);
        firstWeights(training, [4, 4]);
      };
      inspectAll();
      for (const _ of training.run()) inspectAll();
      expect(context.device.arena.used).toBe(used);
      expect(training.record()).toEqual(expected);
    },
  );

  test('rejects an arm without a network', async () => {
    const [arm] = optimizerCompareNaive.arms(parseOptions(optimizerCompareNaive.options, {}), 1) as [ArmSpec];
    const context = await tinyContext();
    const training = new Training(arm, context);
    expect(() => predict(training, getTestExamples(context))).toThrow(
      '[inspect] expected an arm with a network that classifies images but got SGD',
    );
  });
});

describe('inspected values', () => {
  test.each(arms.map((arm) => [arm.name, arm] as const))(
    'of %s include the gradients of the next update bit for bit',
    async (_name, { task, ...arm }) => {
      const whole = await tinyContext();
      const only = whole.data?.train.slice(3, 4) as NonNullable<TrainingContext['data']>['train'];
      const context = { ...whole, data: { train: only, test: only } };
      // The book's loss after the update needs no backward pass, so the gradients remain.
      const training = trainSteps({ ...arm, task: { ...task, batchSize: 1 } as ClassifierTask }, context);
      const seen = inspect(training, only, 'training').layers.flatMap(({ parameters }) => parameters);
      training.run().next();
      const { model } = training;
      for (const { name, shape, gradients } of seen) {
        expect({ shape, data: gradients }).toEqual(model?.gradientDict()[name]);
      }
      expect(seen.map(({ name }) => name)).toEqual(model?.parameters().map(({ name }) => name));
    },
  );

  test.each(arms.map((arm) => [arm.name, arm] as const))(
    'of %s have as many misclassified examples as the accuracy says',
    async (_name, arm) => {
      const context = await tinyContext();
      const training = new Training(arm, context);
      for (const _ of training.run());
      const wrong = misclassified(training, getTestExamples(context));
      expect(training.record().final.testAccuracy).toBe(Math.fround(1 - wrong.length / 10));
      for (const { label, predicted: answer, probability, labelProbability } of wrong) {
        expect(answer).not.toBe(label);
        expect(probability).toBeGreaterThanOrEqual(labelProbability);
      }
    },
  );

  test.each<[string, number[]]>([
    ['plain', [7, 4, 4]],
    ['convnet', [2, 3, 3]],
    ['recurrent, batch norm', [3, 1, 4]],
  ])('of %s include the first weights as images', async (name, shape) => {
    const context = await tinyContext();
    const training = trainSteps(arms.find((arm) => arm.name === name) as ArmSpec, context);
    const [weight] = inspect(training, getTestExamples(context)).layers[0]?.parameters ?? [];
    expect(firstWeights(training, [4, 4])).toEqual({ shape, values: weight?.values });
  });
});
