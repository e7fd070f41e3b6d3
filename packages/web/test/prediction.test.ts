// What the page says about a prediction.
import { findExperiment, type PredictOutcome } from '@descent/experiments';
import { expect, test } from 'vitest';
import { judge } from '../src/state/prediction.ts';

const outcome = (winner: string, ...values: readonly (readonly [string, number])[]): PredictOutcome => ({
  winner,
  values: new Map(values),
});
const ranked = outcome('AdaGrad', ['AdaGrad', 0.9712], ['Adam', 0.9689], ['SGD', 0.9]);

test.each([
  ['optimizer_compare_mnist', 'SGD', ranked, { key: 'predict.wrong', other: 'SGD', numbers: ['0.97', '0.9'] }],
  ['optimizer_compare_mnist', 'Adam', ranked, { key: 'predict.wrong', other: 'Adam', numbers: ['0.971', '0.969'] }],
  ['optimizer_compare_mnist', 'AdaGrad', ranked, { key: 'predict.right', other: 'Adam', numbers: ['0.971', '0.969'] }],
  ['optimizer_compare_mnist', 'Momentum', ranked, undefined],
  [
    'convnet_vs_perceptron',
    'half',
    outcome('few', ['few', 27.456]),
    { key: 'predict.wrong-range', other: 'few', numbers: ['27.5'] },
  ],
  [
    'convnet_vs_perceptron',
    'few',
    outcome('few', ['few', 27.456]),
    { key: 'predict.right-range', other: 'few', numbers: ['27.5'] },
  ],
])('%s, predicted %s', (name, said, decided, verdict) => {
  expect(judge(findExperiment(name).predict, said, decided)).toEqual(verdict);
});
