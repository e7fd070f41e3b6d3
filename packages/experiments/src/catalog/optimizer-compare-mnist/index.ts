// Four optimizers on MNIST. Section 6.1.8 of the book.
import { defineExperiment } from '../../experiment.ts';
import { trainingLossFigure } from '../../figure/curves.ts';
import { claimTexts, message } from '../../i18n/index.ts';
import { fourOptimizerOptions, fourOptimizers, optimizerNames } from '../../options/four-optimizers.ts';
import { networkOptions } from '../../options/network.ts';
import { weightDecay } from '../../options/optimizer.ts';
import { withMain } from '../../options/options.ts';
import { dataOptions, stepOptions, steppedTask } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import { finalValues, namedChoices } from '../../record/predict.ts';
import { mean, valuesOf } from '../../record/series.ts';
import { lossMarks } from '../shared/marks.ts';
import { optimizerRules } from '../shared/theory.ts';

const title = message('optimizer-compare-mnist.title');

export const optimizerCompareMnist = defineExperiment({
  name: 'optimizer_compare_mnist',
  section: '6.1.8',
  title,
  question: message('optimizer-compare-mnist.question'),
  lesson: { watch: message('optimizer-compare-mnist.lesson.watch'), theory: optimizerRules },
  data: 'mnist',
  options: withMain(
    {
      ...networkOptions,
      ...stepOptions,
      ...dataOptions,
      ...fourOptimizerOptions({ SGD: 0.01, Momentum: 0.01, AdaGrad: 0.01, Adam: 0.001 }),
      weightDecay,
    },
    ['sgdLr', 'momentumLr', 'adagradLr', 'adamLr', 'batchSize', 'steps'],
  ),
  arms(options, seed) {
    const optimizers = fourOptimizers(options);
    return optimizerNames.map((name) => ({ name, seed, task: steppedTask(options, optimizers[name]) }));
  },
  // As in the book the axis ends at 1, unless the mean loss of an arm is higher.
  figures: (record) => [trainingLossFigure(record, title, [1])],
  predict: {
    question: message('optimizer-compare-mnist.predict.question'),
    choices: namedChoices(optimizerNames),
    measure: message('predict.test-accuracy'),
    best: 'highest',
    values: (record) => finalValues(record, 'testAccuracy'),
  },
  claims: ['Momentum', 'AdaGrad', 'Adam'].map(beatsSgd),
});

/** Creates the claim that an optimizer has a lower mean loss than SGD over the run, and over its last twentieth. */
function beatsSgd(name: string): Claim {
  return {
    ...claimTexts('optimizer-compare-mnist.beats-sgd', { name }),
    id: `${name.toLowerCase()}-beats-sgd`,
    test(record) {
      const [losses, sgdLosses] = [valuesOf(record, name, 'trainLoss'), valuesOf(record, 'SGD', 'trainLoss')];
      const lastSteps = Math.ceil(sgdLosses.length / 20);
      const [meanLoss, sgdMeanLoss] = [mean(losses), mean(sgdLosses)];
      const [lastLoss, sgdLastLoss] = [mean(losses.slice(-lastSteps)), mean(sgdLosses.slice(-lastSteps))];
      return {
        effects: { lowersMeanLossBy: sgdMeanLoss - meanLoss, lowersLastLossBy: sgdLastLoss - lastLoss },
        evidence: { meanLoss, sgdMeanLoss, ratio: meanLoss / sgdMeanLoss, lastLoss, sgdLastLoss, lastSteps },
        marks: lossMarks(record, ['SGD', name]),
      };
    },
  };
}
