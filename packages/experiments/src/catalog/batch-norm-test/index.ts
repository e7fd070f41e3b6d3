// Does batch norm learn whatever the weights start at? The book's section 6.3.2.

import { defineExperiment } from '../../experiment.ts';
import { accuracyCurve, epochAxis } from '../../figure/accuracy-curve.ts';
import type { Axis, Figure } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { float, int, withDefault } from '../../options/options.ts';
import { dataOptions, epochOptions, epochTask } from '../../options/training.ts';
import type { Claim } from '../../record/claims.ts';
import type { RunRecord } from '../../record/record.ts';
import { mean, valuesOf } from '../../record/series.ts';
import type { Text } from '../../text.ts';
import { batchNormLesson } from '../shared/generalization-lessons.ts';
import { geometric } from '../shared/geometric-mean.ts';

const title: Text = message('batch-norm-test.title');

const { init: _, initStd: __, norm: ___, ...network } = networkOptions;

export const batchNormTest = defineExperiment({
  name: 'batch_norm_test',
  title,
  question: message('batch-norm-test.question'),
  lesson: batchNormLesson,
  data: 'mnist',
  options: {
    ...network,
    hiddenSizes: withDefault(network.hiddenSizes, [100, 100, 100, 100, 100]),
    scales: int({
      default: 16,
      min: 1,
      max: 100,
      label: message('batch-norm-test.scales.label'),
      help: message('batch-norm-test.scales.help'),
    }),
    largestStd: std(1, message('batch-norm-test.largest-std.label')),
    smallestStd: std(1e-4, message('batch-norm-test.smallest-std.label')),
    ...epochOptions,
    ...dataOptions,
    batchSize: withDefault(dataOptions.batchSize, 100),
    trainSamples: withDefault(dataOptions.trainSamples, 1_000),
    ...optimizerOptions,
  },
  arms(options, seed) {
    const plan = { optimizer: optimizerSpec(options), measures: ['train'], bookEnds: 'with-measurement' } as const;
    const stds = stdsOf(options);
    return stds.flatMap((initStd) =>
      norms.map((norm) => ({
        name: armName(norm, initStd, stds),
        seed,
        task: epochTask({ ...options, init: 'normal', initStd, norm }, plan),
      })),
    );
  },
  figures: (record) => [accuracies(record)],
  claims: [learnsFaster(), dependsLess()],
});

const norms = ['batch', 'none'] as const;
const labels = { batch: 'batch norm', none: 'none' };

function std(value: number, label: Text) {
  return float({
    default: value,
    min: 1e-12,
    max: 100,
    label,
    help: message('batch-norm-test.std.help'),
  });
}

interface Scales {
  readonly scales: number;
  readonly largestStd: number;
  readonly smallestStd: number;
}

/** From the largest to the smallest, each once. */
function stdsOf({ scales, largestStd, smallestStd }: Scales): number[] {
  return [...new Set(geometric(largestStd, smallestStd, scales))];
}

/** Returns `σ=0.0158`: three digits, or as many as distinguish it from the run's other standard deviations. */
function shown(initStd: number, stds: readonly number[]): string {
  const rounded = (std: number, digits: number) => Number(std.toPrecision(digits));
  const isShared = (digits: number) =>
    stds.some((std) => std !== initStd && rounded(std, digits) === rounded(initStd, digits));
  let digits = 3;
  while (isShared(digits)) digits++;
  return `σ=${rounded(initStd, digits)}`;
}

function armName(norm: (typeof norms)[number], initStd: number, stds: readonly number[]): string {
  return `${shown(initStd, stds)}, ${labels[norm]}`;
}

const accuracyAxis: Axis = {
  label: message('batch-norm-test.accuracy-axis.label'),
  domain: [0, 1],
};

function accuracies(record: RunRecord): Figure {
  const stds = stdsOf(record.options as unknown as Scales);
  return {
    id: 'training-accuracy',
    title,
    caption: message('batch-norm-test.training-accuracy.caption'),
    columns: Math.min(4, stds.length),
    panels: stds.map((initStd) => ({
      kind: 'line',
      title: { en: shown(initStd, stds), ko: shown(initStd, stds), ja: shown(initStd, stds) },
      x: epochAxis,
      y: accuracyAxis,
      curves: norms.flatMap((norm) => {
        const arm = record.arms.find(({ name }) => name === armName(norm, initStd, stds));
        return arm ? accuracyCurve(record, arm, 'trainAccuracy', labels[norm]) : [];
      }),
    })),
  };
}

/** Of each initial value the training accuracy over all epochs and after the last, with and without; a diverged arm counts as guessing. */
function pairsOf(record: RunRecord) {
  const stds = stdsOf(record.options as unknown as Scales);
  return stds.map((initStd) => {
    const [batch, none] = norms.map((norm) => {
      const arm = armName(norm, initStd, stds);
      const values = valuesOf(record, arm, 'trainAccuracy');
      const isDiverged = record.arms.find(({ name }) => name === arm)?.status === 'diverged';
      return isDiverged ? { overall: 0.1, last: 0.1 } : { overall: mean(values), last: values.at(-1) ?? Number.NaN };
    });
    return { batch, none } as Record<(typeof norms)[number], { overall: number; last: number }>;
  });
}

/** Faster: a higher mean accuracy over the run, on average of all initial values and from most of them. */
function learnsFaster(): Claim {
  return {
    id: 'batch-norm-learns-faster',
    text: message('batch-norm-test.batch-norm-learns-faster.text'),
    otherwise: message('batch-norm-test.batch-norm-learns-faster.otherwise'),
    test(record) {
      const pairs = pairsOf(record);
      const gains = pairs.map(({ batch, none }) => batch.overall - none.overall);
      const ahead = gains.filter((gain) => gain > 0).length;
      const [bestWith, bestWithout] = norms.map((norm) => Math.max(...pairs.map((pair) => pair[norm].overall))) as [
        number,
        number,
      ];
      return {
        effects: { meanGain: mean(gains), aheadBeyondHalf: ahead - pairs.length / 2 },
        evidence: { bestWith, bestWithout, ahead, scales: pairs.length },
      };
    },
  };
}

/** What counts as having learnt: five times as good as guessing. */
const LEARNT = 0.5;

function dependsLess(): Claim {
  return {
    id: 'batch-norm-depends-less-on-weights',
    text: message('batch-norm-test.batch-norm-depends-less-on-weights.text'),
    otherwise: message('batch-norm-test.batch-norm-depends-less-on-weights.otherwise'),
    test(record) {
      const pairs = pairsOf(record);
      const learnt = (norm: 'batch' | 'none') => pairs.filter((pair) => pair[norm].last > LEARNT).length;
      const [learntWith, learntWithout] = [learnt('batch'), learnt('none')];
      return {
        effects: { learnsFromMoreBy: learntWith - learntWithout },
        evidence: { learntWith, learntWithout, scales: pairs.length },
      };
    },
  };
}
