// Learning from many initial weights, with and without batch norm. Section 6.3.2 of the book.
import { defineExperiment } from '../../experiment.ts';
import { accuracyCurve, epochAxis } from '../../figure/curves.ts';
import type { Figure } from '../../figure/figure.ts';
import { claimTexts, message, optionTexts } from '../../i18n/index.ts';
import { networkOptions } from '../../options/network.ts';
import { optimizerOptions, optimizerSpec } from '../../options/optimizer.ts';
import { float, int, never, withDefault, withMain } from '../../options/options.ts';
import { dataOptions, epochOptions, epochTask } from '../../options/training.ts';
import type { RunRecord } from '../../record/record.ts';
import { findArm, mean, valuesOf } from '../../record/series.ts';
import { type Text, toText } from '../../text.ts';
import { hat, math } from '../shared/lesson.ts';
import { batchNormalized } from '../shared/theory.ts';

const title = message('batch-norm-test.title');
const { init: _, initStd: __, norm: ___, ...network } = networkOptions;
const norms = ['batch', 'none'] as const;
const labels = { batch: 'batch norm', none: 'none' };
/** Training accuracy above which a network counts as having learned: five times chance level. */
const LEARNED = 0.5;

export const batchNormTest = defineExperiment({
  name: 'batch_norm_test',
  section: '6.3.2',
  title,
  question: message('batch-norm-test.question'),
  lesson: {
    watch: message('batch-norm-test.lesson.watch'),
    theory: [
      {
        text: message('batch-norm-test.lesson.batch-norm'),
        formula: math(hat('x'), '=', batchNormalized, ', y = γ', hat('x'), '+ β'),
      },
    ],
  },
  data: 'mnist',
  options: withMain(
    {
      ...network,
      hiddenSizes: withDefault(network.hiddenSizes, [100, 100, 100, 100, 100]),
      scales: int({ default: 16, min: 1, max: 100, ...optionTexts('batch-norm-test.scales') }),
      largestStd: std(1, message('batch-norm-test.largest-std.label')),
      smallestStd: {
        ...std(1e-4, message('batch-norm-test.smallest-std.label')),
        when: ({ scales }) => scales !== 1,
      },
      ...epochOptions,
      ...dataOptions,
      batchSize: withDefault(dataOptions.batchSize, 100),
      trainSamples: withDefault(dataOptions.trainSamples, 1_000),
      testSamples: { ...dataOptions.testSamples, when: never },
      ...optimizerOptions,
    },
    ['scales', 'largestStd', 'smallestStd', 'lr', 'epochs', 'hiddenSizes'],
  ),
  arms(options, seed) {
    const plan = { optimizer: optimizerSpec(options), measures: ['train'], bookEnds: 'with-measurement' } as const;
    const stds = initialStds(options);
    return stds.flatMap((initStd) =>
      norms.map((norm) => ({
        name: armName(norm, initStd, stds),
        seed,
        task: epochTask({ ...options, init: 'normal', initStd, norm }, plan),
      })),
    );
  },
  figures: (record) => [accuracyFigure(record)],
  predict: {
    question: message('batch-norm-test.predict.question'),
    choices: [
      { id: 'quarter', label: message('batch-norm-test.predict.quarter') },
      { id: 'half', label: message('batch-norm-test.predict.half') },
      { id: 'more', label: message('batch-norm-test.predict.more') },
      { id: 'most', label: message('batch-norm-test.predict.most') },
    ],
    measure: message('batch-norm-test.predict.measure'),
    best: [0.25, 0.5, 0.75],
    values(record) {
      const accuracies = trainAccuracies(record).flatMap(({ none }) => (Number.isNaN(none.last) ? [] : [none.last]));
      return { value: accuracies.filter((each) => each > LEARNED).length / accuracies.length };
    },
  },
  claims: [
    {
      ...claimTexts('batch-norm-test.batch-norm-learns-faster'),
      test(record) {
        const pairs = trainAccuracies(record);
        const gains = pairs.map(({ batch, none }) => batch.mean - none.mean);
        const ahead = gains.filter((gain) => gain > 0).length;
        const best = (norm: 'batch' | 'none') => Math.max(...pairs.map((pair) => pair[norm].mean));
        return {
          effects: { meanGain: mean(gains), aheadBeyondHalf: ahead - pairs.length / 2 },
          evidence: { bestWith: best('batch'), bestWithout: best('none'), ahead, scales: pairs.length },
          marks: pairs.map(({ title: panel, batch, none }) => {
            return { figure: 'training-accuracy', panel, levels: { [labels.batch]: batch.mean, none: none.mean } };
          }),
        };
      },
    },
    {
      ...claimTexts('batch-norm-test.batch-norm-depends-less-on-weights'),
      test(record) {
        const pairs = trainAccuracies(record);
        const countLearned = (norm: 'batch' | 'none') => pairs.filter((pair) => pair[norm].last > LEARNED).length;
        const [learntWith, learntWithout] = [countLearned('batch'), countLearned('none')];
        return {
          effects: { learnsFromMoreBy: learntWith - learntWithout },
          evidence: { learntWith, learntWithout, scales: pairs.length },
          marks: pairs
            .filter(({ batch, none }) => batch.last > LEARNED && !(none.last > LEARNED))
            .map(({ title: panel }) => ({ figure: 'training-accuracy', panel })),
        };
      },
    },
  ],
});

function std(value: number, label: Text) {
  const help = message('batch-norm-test.std.help');
  return float({ default: value, min: 1e-12, max: 100, slider: [1e-5, 10], scale: 'log', label, help });
}

interface StdOptions {
  readonly scales: number;
  readonly largestStd: number;
  readonly smallestStd: number;
}

/** Returns the standard deviations from the largest to the smallest, each once. */
function initialStds({ scales, largestStd, smallestStd }: StdOptions): number[] {
  return [...new Set(geomspace(largestStd, smallestStd, scales))];
}

/** Returns `σ=0.0158`: three digits, or as many as distinguish it from the run's other standard deviations. */
function formatStd(initStd: number, stds: readonly number[]): string {
  const rounded = (std: number, digits: number) => Number(std.toPrecision(digits));
  const isShared = (digits: number) =>
    stds.some((std) => std !== initStd && rounded(std, digits) === rounded(initStd, digits));
  let digits = 3;
  while (isShared(digits)) digits++;
  return `σ=${rounded(initStd, digits)}`;
}

function armName(norm: 'batch' | 'none', initStd: number, stds: readonly number[]): string {
  return `${formatStd(initStd, stds)}, ${labels[norm]}`;
}

function accuracyFigure(record: RunRecord): Figure {
  const stds = initialStds(record.options as unknown as StdOptions);
  return {
    id: 'training-accuracy',
    title,
    caption: message('batch-norm-test.training-accuracy.caption'),
    columns: Math.min(4, stds.length),
    panels: stds.map((initStd) => ({
      kind: 'line',
      title: toText(() => formatStd(initStd, stds)),
      x: epochAxis(record),
      y: { label: message('batch-norm-test.accuracy-axis.label'), domain: [0, 1] },
      curves: norms.flatMap((norm) => {
        const arm = findArm(record, armName(norm, initStd, stds));
        return arm ? accuracyCurve(record, arm, 'trainAccuracy', labels[norm]) : [];
      }),
    })),
  };
}

/** Returns mean and last training accuracy with and without batch norm per standard deviation; 0.1 for a diverged arm. */
function trainAccuracies(record: RunRecord) {
  const stds = initialStds(record.options as unknown as StdOptions);
  return stds.map((initStd) => {
    const accuracies = (norm: 'batch' | 'none') => {
      const arm = armName(norm, initStd, stds);
      if (findArm(record, arm)?.status === 'diverged') return { mean: 0.1, last: 0.1 };
      const values = valuesOf(record, arm, 'trainAccuracy');
      return { mean: mean(values), last: values.at(-1) ?? Number.NaN };
    };
    return { title: formatStd(initStd, stds), batch: accuracies('batch'), none: accuracies('none') };
  });
}

/**
 * Returns `count` numbers from `first` to `last` in equal ratios, as numpy.geomspace does. Both ends are above 0. Uses + − × ÷ only,
 * so that every engine computes the same bits.
 */
export function geomspace(first: number, last: number, count: number): number[] {
  if (count === 1) return [first];
  const ratio = nthRoot(last / first, count - 1);
  const values = [first];
  for (let i = 1; i < count - 1; i++) values.push((values.at(-1) as number) * ratio);
  return [...values, last];
}

/** Returns the n-th root of a positive number, by bisection to the last bit. */
function nthRoot(value: number, n: number): number {
  let [low, high] = [Math.min(1, value), Math.max(1, value)];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (power(middle, n) < value) low = middle;
    else high = middle;
  }
  return high;
}

function power(base: number, n: number): number {
  let result = 1;
  for (let i = 0; i < n; i++) result *= base;
  return result;
}
