// Which update rule learns MNIST fastest? The book's section 6.1.8.

import { defineExperiment } from '../../experiment.ts';
import { trainingLossFigure } from '../../figure/loss-curve.ts';
import { message } from '../../i18n/index.ts';
import { fourOptimizerOptions, fourOptimizers, optimizerNames } from '../../options/four-optimizers.ts';
import { networkOptions } from '../../options/network.ts';
import { weightDecay } from '../../options/optimizer.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import { mean, valuesOf } from '../../record/series.ts';
import type { Text } from '../../text.ts';
import { speedLesson } from '../shared/optimizer-lessons.ts';

const title: Text = message('optimizer-compare-mnist.title');

export const optimizerCompareMnist = defineExperiment({
  name: 'optimizer_compare_mnist',
  title,
  question: message('optimizer-compare-mnist.question'),
  lesson: speedLesson,
  data: 'mnist',
  options: {
    ...networkOptions,
    ...stepOptions,
    ...dataOptions,
    ...fourOptimizerOptions({ SGD: 0.01, Momentum: 0.01, AdaGrad: 0.01, Adam: 0.001 }),
    weightDecay,
  },
  arms(options, seed) {
    const optimizers = fourOptimizers(options);
    return optimizerNames.map((name) => ({ name, seed, task: steppedTask(options, optimizers[name]) }));
  },
  // As in the book the axis ends at 1, unless an arm spends most of the run above that.
  figures: (record) => [trainingLossFigure(record, title, [1])],
  claims: (['Momentum', 'AdaGrad', 'Adam'] as const).map(beatsSgd),
});

/** Faster: a lower mean loss over the whole run, and still lower over its last twentieth. */
function beatsSgd(name: 'Momentum' | 'AdaGrad' | 'Adam'): Claim {
  const key = name.toLowerCase();
  return {
    id: `${key}-beats-sgd`,
    text: message('optimizer-compare-mnist.beats-sgd.text', { name }),
    otherwise: message('optimizer-compare-mnist.beats-sgd.otherwise', { name }),
    test(record) {
      const [ours, sgds] = [valuesOf(record, name, 'trainLoss'), valuesOf(record, 'SGD', 'trainLoss')];
      const lastSteps = Math.ceil(sgds.length / 20);
      const [meanLoss, sgdMeanLoss] = [mean(ours), mean(sgds)];
      const [lastLoss, sgdLastLoss] = [mean(ours.slice(-lastSteps)), mean(sgds.slice(-lastSteps))];
      return {
        effects: { lowersMeanLossBy: sgdMeanLoss - meanLoss, lowersLastLossBy: sgdLastLoss - lastLoss },
        evidence: { meanLoss, sgdMeanLoss, ratio: meanLoss / sgdMeanLoss, lastLoss, sgdLastLoss, lastSteps },
      };
    },
  };
}
