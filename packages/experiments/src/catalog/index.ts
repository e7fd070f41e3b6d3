// The list of experiments, which the command line and the page read.
import type { Experiment } from '../experiment.ts';
import { didYouMean, nearest } from '../nearest.ts';
import { batchNormLimits } from './batch-norm-limits/index.ts';
import { batchNormTest } from './batch-norm-test/index.ts';
import { convnetVsPerceptron } from './convnet-vs-perceptron/index.ts';
import { hyperparameterOptimization } from './hyperparameter-optimization/index.ts';
import { internalCovariateShift } from './internal-covariate-shift/index.ts';
import { layerNormRnn } from './layer-norm-rnn/index.ts';
import { optimizerCompareMnist } from './optimizer-compare-mnist/index.ts';
import { optimizerCompareNaive } from './optimizer-compare-naive/index.ts';
import { overfitDropout } from './overfit-dropout/index.ts';
import { overfitWeightDecay } from './overfit-weight-decay/index.ts';
import { weightInitActivationHistogram } from './weight-init-activation-histogram/index.ts';
import { weightInitCompare } from './weight-init-compare/index.ts';

/** All experiments, in the order of the documentation: those of the study note first. */
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

/** Error for the name of an experiment that does not exist. */
export class UnknownExperimentError extends Error {
  /** 'UnknownExperimentError'. */
  override readonly name = 'UnknownExperimentError';
  /** The most similar name of an experiment, if one is similar. */
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
