// Which initial weights let a deep ReLU network learn MNIST? The book's section 6.2.4.

import { exact } from '@descent/nn';
import { defineExperiment } from '../../experiment.ts';
import { trainingLossFigure } from '../../figure/loss-curve.ts';
import { message } from '../../i18n/index.ts';
import { classCount, networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import type { RunRecord } from '../../record/record.ts';
import { mean, valuesOf } from '../../record/series.ts';
import type { Text } from '../../text.ts';
import type { InitSpec } from '../../training/arm.ts';
import { learningLesson } from '../shared/initial-weights-lessons.ts';

const { init: _, ...network } = networkOptions;

const title: Text = message('weight-init-compare.title');

export const weightInitCompare = defineExperiment({
  name: 'weight_init_compare',
  title,
  question: message('weight-init-compare.question'),
  lesson: learningLesson,
  data: 'mnist',
  options: { ...network, ...stepOptions, ...dataOptions, ...optimizerOptions },
  arms(options, seed) {
    const optimizer = optimizerSpec(options);
    const inits: Record<string, InitSpec> = {
      [`σ=${options.initStd}`]: { kind: 'normal', std: options.initStd },
      Xavier: { kind: 'xavier' },
      He: { kind: 'he' },
    };
    const task = steppedTask({ ...options, init: 'he' }, optimizer);
    return Object.entries(inits).map(([name, init]) => {
      return { name, seed, task: { ...task, network: { ...task.network, init } } };
    });
  },
  figures: (record) => [trainingLossFigure(record, title, [1, 2.5])],
  claims: [smallHardlyLearns(), heLearnsFastest()],
});

/** What guessing costs: ln 10 for ten classes. */
function lossOfGuessing({ options }: RunRecord): number {
  const classes = classCount(options);
  return classes === 10 ? Math.LN10 : exact.log(classes);
}

/** The mean loss over the whole run, and over its last twentieth. */
function lossesOf(record: RunRecord, arm: string): { meanLoss: number; lastLoss: number } {
  const losses = valuesOf(record, arm, 'trainLoss');
  return { meanLoss: mean(losses), lastLoss: mean(losses.slice(-Math.ceil(losses.length / 20))) };
}

function smallHardlyLearns(): Claim {
  return {
    id: 'small-weights-hardly-learn',
    text: message('weight-init-compare.small-weights-hardly-learn.text'),
    otherwise: message('weight-init-compare.small-weights-hardly-learn.otherwise'),
    test(record) {
      const { lastLoss } = lossesOf(record, `σ=${record.options.initStd}`);
      const guessing = lossOfGuessing(record);
      return { effects: { aboveNineTenths: lastLoss - 0.9 * guessing }, evidence: { lastLoss, guessing } };
    },
  };
}

function heLearnsFastest(): Claim {
  return {
    id: 'he-learns-fastest',
    text: message('weight-init-compare.he-learns-fastest.text'),
    otherwise: message('weight-init-compare.he-learns-fastest.otherwise'),
    test(record) {
      const [he, xavier] = [lossesOf(record, 'He'), lossesOf(record, 'Xavier')];
      const small = lossesOf(record, `σ=${record.options.initStd}`);
      return {
        effects: {
          lowersMeanLossBy: Math.min(xavier.meanLoss, small.meanLoss) - he.meanLoss,
          lowersLastLossBy: Math.min(xavier.lastLoss, small.lastLoss) - he.lastLoss,
        },
        evidence: { heMeanLoss: he.meanLoss, xavierMeanLoss: xavier.meanLoss, smallMeanLoss: small.meanLoss },
      };
    },
  };
}
