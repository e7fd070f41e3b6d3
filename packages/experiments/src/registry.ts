// The one list of experiments. Front ends name none of them.
import type { Experiment } from './experiment.ts';
import { batchNormLimits } from './experiments/batch-norm-limits.ts';
import { batchNormTest } from './experiments/batch-norm-test.ts';
import { convnetVsPerceptron } from './experiments/convnet-vs-perceptron.ts';
import { hyperparameterOptimization } from './experiments/hyperparameter-optimization.ts';
import { internalCovariateShift } from './experiments/internal-covariate-shift.ts';
import { layerNormRnn } from './experiments/layer-norm-rnn.ts';
import { optimizerCompareMnist } from './experiments/optimizer-compare-mnist.ts';
import { optimizerCompareNaive } from './experiments/optimizer-compare-naive.ts';
import { overfitDropout } from './experiments/overfit-dropout.ts';
import { overfitWeightDecay } from './experiments/overfit-weight-decay.ts';
import { weightInitActivationHistogram } from './experiments/weight-init-activation-histogram.ts';
import { weightInitCompare } from './experiments/weight-init-compare.ts';
import { didYouMean, nearest } from './nearest.ts';

/** Every experiment there is, in the order of the documentation: the study note's, then those beyond it. */
export const experiments: readonly Experiment[] = [
  optimizerCompareNaive,
  optimizerCompareMnist,
  weightInitActivationHistogram,
  weightInitCompare,
  batchNormTest,
  overfitWeightDecay,
  overfitDropout,
  hyperparameterOptimization,
  internalCovariateShift,
  batchNormLimits,
  layerNormRnn,
  convnetVsPerceptron,
];

/** An experiment that does not exist; `nearest` is the one that may have been meant, if a name is near. */
export class UnknownExperimentError extends Error {
  /** 'UnknownExperimentError'. */
  override readonly name = 'UnknownExperimentError';
  /** The name of an experiment that exists. */
  readonly nearest: string | undefined;

  constructor(experiment: string) {
    const names = experiments.map(({ name }) => name);
    const meant = nearest(experiment, names);
    super(`[experiments] there is no experiment "${experiment.slice(0, 100)}"${didYouMean(meant)}`);
    this.nearest = meant;
  }
}

/** @throws UnknownExperimentError */
export function findExperiment(name: string): Experiment {
  const experiment = experiments.find((candidate) => candidate.name === name);
  if (!experiment) throw new UnknownExperimentError(name);
  return experiment;
}
