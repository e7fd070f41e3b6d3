// Does batch norm learn whatever the weights start at? The book's section 6.3.2.

import { accuracyCurve, epochAxis } from '../curves/accuracy.ts';
import { defineExperiment } from '../experiment.ts';
import type { Axis, Figure } from '../figure/figure.ts';
import { batchNormLesson } from '../lessons/generalisation.ts';
import { float, int, withDefault } from '../options.ts';
import type { Claim } from '../record/claims.ts';
import type { RunRecord } from '../record/record.ts';
import { mean, valuesOf } from '../record/series.ts';
import { networkOptions } from '../settings/network.ts';
import { optimizerOptions, optimizerSpec } from '../settings/optimizer.ts';
import { dataOptions, epochOptions, epochTask } from '../settings/training.ts';
import type { Text } from '../text.ts';
import { geometric } from './shared/geometric.ts';

const title: Text = {
  en: 'Batch norm under sixteen initial weights',
  ko: '열여섯 가지 가중치 초깃값에서의 배치 정규화',
  ja: '16 通りの重みの初期値におけるバッチ正規化',
};

const { init: _, initStd: __, norm: ___, ...network } = networkOptions;

export const batchNormTest = defineExperiment({
  name: 'batch_norm_test',
  title,
  question: {
    en: 'From weights of σ = 1 down to 0.0001, where does a network learn without batch norm, and where with it?',
    ko: '가중치 초깃값의 표준편차를 1에서 0.0001까지 바꿀 때, 배치 정규화가 있으면 학습이 어떻게 달라지는가?',
    ja: '重みの初期値の標準偏差を 1 から 0.0001 まで変えると、バッチ正規化の有無で学習はどう変わるだろうか。',
  },
  lesson: batchNormLesson,
  data: 'mnist',
  options: {
    ...network,
    hiddenSizes: withDefault(network.hiddenSizes, [100, 100, 100, 100, 100]),
    scales: int({
      default: 16,
      min: 1,
      max: 100,
      label: { en: 'Initial weights', ko: '초깃값의 수', ja: '初期値の数' },
      help: {
        en: 'How many standard deviations of the initial weights, in even ratios.',
        ko: '시험할 표준편차의 개수. 일정한 비율로 나눈다.',
        ja: '試す標準偏差の個数。等比に並べる。',
      },
    }),
    largestStd: std(1, { en: 'Largest σ', ko: '가장 큰 σ', ja: '最大の σ' }),
    smallestStd: std(1e-4, { en: 'Smallest σ', ko: '가장 작은 σ', ja: '最小の σ' }),
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
    help: {
      en: 'Standard deviation of the initial weights at this end.',
      ko: '이쪽 끝에서 쓸 가중치 초깃값의 표준편차.',
      ja: 'こちらの端で使う重みの初期値の標準偏差。',
    },
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
  label: { en: 'Training accuracy', ko: '훈련 정확도', ja: '訓練正解率' },
  domain: [0, 1],
};

function accuracies(record: RunRecord): Figure {
  const stds = stdsOf(record.options as unknown as Scales);
  return {
    id: 'training-accuracy',
    title,
    caption: {
      en: 'Training accuracy with batch norm and without, one panel for each standard deviation of the initial weights.',
      ko: '배치 정규화가 있을 때와 없을 때의 훈련 정확도. 패널마다 가중치 초깃값의 표준편차가 다르다.',
      ja: 'バッチ正規化がある場合とない場合の訓練正解率。パネルごとに重みの初期値の標準偏差が異なる。',
    },
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
    text: {
      en: 'From most initial weights, and on average over all of them, the network learns faster with batch norm.',
      ko: '대부분의 초깃값에서, 그리고 전체 평균으로도 배치 정규화가 있으면 더 빨리 학습한다.',
      ja: 'ほとんどの初期値で、また全体の平均でも、バッチ正規化があると速く学習する。',
    },
    otherwise: {
      en: 'This run does not show that the network learns faster with batch norm.',
      ko: '이번 실행만으로는 배치 정규화가 있으면 더 빨리 학습한다고 말할 수 없다.',
      ja: 'この実行からは、バッチ正規化があると速く学習するとは言えない。',
    },
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
    text: {
      en: 'Batch norm makes learning depend much less on the initial weights: it succeeds from more of them.',
      ko: '배치 정규화가 있으면 가중치 초깃값에 훨씬 덜 의존한다. 더 많은 초깃값에서 학습에 성공한다.',
      ja: 'バッチ正規化があると重みの初期値への依存がずっと小さい。より多くの初期値で学習に成功する。',
    },
    otherwise: {
      en: 'This run does not show that batch norm makes learning depend less on the initial weights.',
      ko: '이번 실행만으로는 배치 정규화가 있으면 가중치 초깃값에 덜 의존한다고 말할 수 없다.',
      ja: 'この実行からは、バッチ正規化があると重みの初期値への依存が小さいとは言えない。',
    },
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
