// Learning speed of a deep ReLU network with three initial weights. Section 6.2.4 of the book.

import { exact } from '@descent/nn';
import { defineExperiment } from '../../experiment.ts';
import { trainingLossFigure } from '../../figure/curves.ts';
import { claimTexts, message } from '../../i18n/index.ts';
import { classCount, networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { withMain } from '../../options/options.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import { namedChoices } from '../../record/predict.ts';
import type { RunRecord } from '../../record/record.ts';
import { mean, valuesOf } from '../../record/series.ts';
import type { InitSpec } from '../../training/arm.ts';
import { lossMarks } from '../shared/marks.ts';
import { initialWeights } from '../shared/theory.ts';

const title = message('weight-init-compare.title');
const { init: _, ...network } = networkOptions;

export const weightInitCompare = defineExperiment({
  name: 'weight_init_compare',
  section: '6.2.4',
  title,
  question: message('weight-init-compare.question'),
  lesson: { watch: message('weight-init-compare.lesson.watch'), theory: initialWeights },
  data: 'mnist',
  options: withMain(
    {
      ...network,
      initStd: { ...network.initStd, when: undefined },
      ...stepOptions,
      ...dataOptions,
      ...optimizerOptions,
    },
    ['initStd', 'activation', 'hiddenSizes', 'optimizer', 'lr', 'steps'],
  ),
  arms(options, seed) {
    const inits: Record<string, InitSpec> = {
      [`σ=${options.initStd}`]: { kind: 'normal', std: options.initStd },
      Xavier: { kind: 'xavier' },
      He: { kind: 'he' },
    };
    const task = steppedTask({ ...options, init: 'he' }, optimizerSpec(options));
    return Object.entries(inits).map(([name, init]) => {
      return { name, seed, task: { ...task, network: { ...task.network, init } } };
    });
  },
  figures: (record) => [trainingLossFigure(record, title, [1, 2.5])],
  predict: {
    question: message('weight-init-compare.predict.question'),
    choices: [{ id: 'small', label: message('predict.small-std') }, ...namedChoices(['Xavier', 'He'])],
    measure: message('predict.test-accuracy'),
    best: 'highest',
    values({ arms: [small, Xavier, He] }) {
      const arms = Object.entries({ small, Xavier, He });
      return Object.fromEntries(arms.map(([id, arm]) => [id, arm?.final.testAccuracy ?? Number.NaN]));
    },
  },
  claims: [
    {
      ...claimTexts('weight-init-compare.small-weights-hardly-learn'),
      test(record) {
        const { lastLoss } = meanLosses(record, `σ=${record.options.initStd}`);
        const guessing = chanceLoss(record);
        return {
          effects: { aboveNineTenths: lastLoss - 0.9 * guessing },
          evidence: { lastLoss, guessing },
          marks: lossMarks(record, [`σ=${record.options.initStd}`]).slice(1),
        };
      },
    },
    {
      ...claimTexts('weight-init-compare.he-learns-fastest'),
      test(record) {
        const [he, xavier] = [meanLosses(record, 'He'), meanLosses(record, 'Xavier')];
        const small = meanLosses(record, `σ=${record.options.initStd}`);
        return {
          effects: {
            lowersMeanLossBy: Math.min(xavier.meanLoss, small.meanLoss) - he.meanLoss,
            lowersLastLossBy: Math.min(xavier.lastLoss, small.lastLoss) - he.lastLoss,
          },
          evidence: { heMeanLoss: he.meanLoss, xavierMeanLoss: xavier.meanLoss, smallMeanLoss: small.meanLoss },
          marks: lossMarks(
            record,
            record.arms.map(({ name }) => name),
          ),
        };
      },
    },
  ],
});

/** Returns the loss at chance level: ln 10 for ten classes. */
function chanceLoss({ options }: RunRecord): number {
  const classes = classCount(options);
  return classes === 10 ? Math.LN10 : exact.log(classes);
}

/** Returns the mean loss over the whole run, and over its last twentieth. */
function meanLosses(record: RunRecord, arm: string): { meanLoss: number; lastLoss: number } {
  const losses = valuesOf(record, arm, 'trainLoss');
  return { meanLoss: mean(losses), lastLoss: mean(losses.slice(-Math.ceil(losses.length / 20))) };
}
