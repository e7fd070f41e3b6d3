// Which learning rate and weight decay? A random search. The book's section 6.5.

import { accuracyAxis, accuracyCurve, epochAxis } from '../accuracy-figure.ts';
import type { Claim } from '../claims.ts';
import { defineExperiment } from '../experiment.ts';
import type { Figure } from '../figure.ts';
import { searchLesson } from '../lessons/generalisation.ts';
import { narrowingRounds, ranked, type Trial, trialsOf } from '../narrowing.ts';
import { float, int, withDefault } from '../options.ts';
import type { ArmRecord, RunRecord } from '../record.ts';
import { networkOptions } from '../settings/network.ts';
import { optimizerOptions, optimizerSpec } from '../settings/optimizer.ts';
import { dataOptions, epochOptions, epochTask } from '../settings/training.ts';
import type { Text } from '../text.ts';

const title: Text = {
  en: 'A search for learning rate and weight decay',
  ko: '학습률과 가중치 감소의 하이퍼파라미터 탐색',
  ja: '学習率と荷重減衰のハイパーパラメータ探索',
};

const { lr: _, weightDecay: __, ...optimizer } = optimizerOptions;

export const hyperparameterOptimization = defineExperiment({
  name: 'hyperparameter_optimization',
  title,
  question: {
    en: 'Drawing learning rates and weight decays at random over orders of magnitude, where do the good ones lie?',
    ko: '학습률과 가중치 감소를 여러 자릿수에 걸쳐 무작위로 뽑을 때, 좋은 값은 어느 범위에 있는가?',
    ja: '学習率と荷重減衰を何桁にもわたって無作為に選ぶとき、良い値はどの範囲にあるだろうか。',
  },
  lesson: searchLesson,
  data: 'mnist',
  options: {
    ...networkOptions,
    hiddenSizes: withDefault(networkOptions.hiddenSizes, [100, 100, 100, 100, 100, 100]),
    trials: int({
      default: 100,
      min: 1,
      max: 10_000,
      label: { en: 'Trials', ko: '시행 횟수', ja: '試行回数' },
      help: {
        en: 'Draws, each trained and measured.',
        ko: '무작위로 뽑아 학습할 횟수.',
        ja: '無作為に選んで学習する回数。',
      },
    }),
    lrLow: exponent(-6, { en: 'Lowest log₁₀ lr', ko: '학습률 지수의 하한', ja: '学習率の指数の下限' }),
    lrHigh: exponent(-2, { en: 'Highest log₁₀ lr', ko: '학습률 지수의 상한', ja: '学習率の指数の上限' }),
    weightDecayLow: exponent(-8, { en: 'Lowest log₁₀ λ', ko: 'λ 지수의 하한', ja: 'λ の指数の下限' }),
    weightDecayHigh: exponent(-4, { en: 'Highest log₁₀ λ', ko: 'λ 지수의 상한', ja: 'λ の指数の上限' }),
    validationShare: float({
      default: 0.2,
      min: 0.01,
      max: 0.9,
      label: { en: 'Validation share', ko: '검증 데이터 비율', ja: '検証データの割合' },
      help: {
        en: 'Share of the training images that is set apart to measure trials by.',
        ko: '훈련 이미지 중 시행을 평가하기 위해 떼어 놓는 비율.',
        ja: '訓練画像のうち、試行を評価するために取り分ける割合。',
      },
    }),
    ...epochOptions,
    epochs: withDefault(epochOptions.epochs, 50),
    ...dataOptions,
    batchSize: withDefault(dataOptions.batchSize, 100),
    trainSamples: withDefault(dataOptions.trainSamples, 500),
    ...optimizer,
  },
  arms(options, seed) {
    const { lrLow, lrHigh, weightDecayLow, weightDecayHigh, validationShare } = options;
    const task = epochTask(options, {
      optimizer: optimizerSpec({ ...options, lr: 0, weightDecay: 0 }),
      measures: ['train', 'validation'],
      bookEnds: 'with-epoch',
      validationShare,
    });
    const ranges = {
      lrExponents: [lrLow, lrHigh],
      weightDecayExponents: [weightDecayLow, weightDecayHigh],
    } as const;
    return Array.from({ length: options.trials }, (_, index) => ({
      name: `trial ${index + 1}`,
      seed,
      task: { ...task, trial: { index, ...ranges } },
    }));
  },
  figures: (record) => [bestTrials(record), exponents(record)],
  claims: [narrowingHelps()],
});

function exponent(value: number, label: Text) {
  return float({
    default: value,
    min: -30,
    max: 5,
    label,
    help: {
      en: 'An end of the range of exponents: the value tried is 10 to a power drawn evenly from the range.',
      ko: '지수 범위의 한쪽 끝. 이 범위에서 고르게 뽑은 지수로 10을 거듭제곱한 값을 시험한다.',
      ja: '指数の範囲の一方の端。この範囲から一様に選んだ指数で 10 をべき乗した値を試す。',
    },
  });
}

/** As many as the book shows. */
const SHOWN = 20;

function bestTrials(record: RunRecord): Figure {
  const best = ranked(trialsOf(record)).slice(0, SHOWN);
  return {
    id: 'best-trials',
    title: { en: 'The twenty best trials', ko: '가장 좋은 시행 스무 가지', ja: '成績の良い 20 試行' },
    caption: {
      en: 'Training and validation accuracy of the trials that came to the highest validation accuracy, the best first.',
      ko: '검증 정확도가 가장 높았던 시행들의 훈련 정확도와 검증 정확도. 좋은 순서대로 늘어놓았다.',
      ja: '検証正解率が最も高かった試行の訓練正解率と検証正解率。良い順に並べた。',
    },
    columns: 5,
    panels: best.map(({ name }, index) => {
      const arm = record.arms.find((each) => each.name === name) as ArmRecord;
      const rank = index + 1;
      return {
        kind: 'line',
        title: { en: `Best ${rank}`, ko: `${rank}위`, ja: `${rank} 位` },
        x: epochAxis,
        y: accuracyAxis,
        curves: [
          ...accuracyCurve(record, arm, 'trainAccuracy', 'train'),
          ...accuracyCurve(record, arm, 'validationAccuracy', 'validation'),
        ],
      };
    }),
  };
}

function exponents(record: RunRecord): Figure {
  const trials = ranked(trialsOf(record));
  const groups: [string, Trial[]][] = [
    [`best ${SHOWN}`, trials.slice(0, SHOWN)],
    ['others', trials.slice(SHOWN)],
  ];
  const panel = (of: 'lrExponent' | 'weightDecayExponent', label: Text, ends: readonly [string, string]) => ({
    kind: 'scatter' as const,
    x: { label, domain: ends.map((end) => record.options[end] as number) as [number, number] },
    y: { ...accuracyAxis, label: { en: 'Validation accuracy', ko: '검증 정확도', ja: '検証正解率' } },
    curves: groups.map(([name, some]) => ({
      name,
      x: some.map((trial) => trial[of]),
      y: some.map((trial) => trial.accuracy),
      role: 'smooth' as const,
    })),
  });
  return {
    id: 'exponents',
    title,
    caption: {
      en: 'Validation accuracy of every trial over the logarithm of its learning rate and of its weight decay.',
      ko: '모든 시행의 검증 정확도를 학습률의 로그와 가중치 감소의 로그에 대해 나타냈다.',
      ja: 'すべての試行の検証正解率を、学習率の対数と荷重減衰の対数に対して示す。',
    },
    columns: 2,
    panels: [
      panel('lrExponent', { en: 'log₁₀ learning rate', ko: 'log₁₀ 학습률', ja: 'log₁₀ 学習率' }, ['lrLow', 'lrHigh']),
      panel('weightDecayExponent', { en: 'log₁₀ weight decay λ', ko: 'log₁₀ 가중치 감소 λ', ja: 'log₁₀ 荷重減衰 λ' }, [
        'weightDecayLow',
        'weightDecayHigh',
      ]),
    ],
  };
}

/** Both rounds raise the mean accuracy of trials that had no say in them. */
function narrowingHelps(): Claim {
  return {
    id: 'narrowing-helps',
    text: {
      en: 'Narrowing the range of learning rates to the best trials, twice, raises the mean accuracy of other trials that lie in it, each time.',
      ko: '학습률의 범위를 좋은 시행이 있는 쪽으로 두 번 좁히면, 그 범위에 든 다른 시행들의 평균 정확도가 매번 높아진다.',
      ja: '学習率の範囲を良い試行のあるところへ 2 度狭めると、その範囲に入る別の試行の平均正解率が毎回上がる。',
    },
    otherwise: {
      en: 'This run does not show that narrowing the range of learning rates raises the accuracy of other trials that lie in it.',
      ko: '이번 실행만으로는 학습률의 범위를 좁히면 그 안의 다른 시행들의 정확도가 높아진다고 말할 수 없다.',
      ja: 'この実行からは、学習率の範囲を狭めるとその中の別の試行の正解率が上がるとは言えない。',
    },
    test(record) {
      const [whole, first, second] = narrowingRounds(trialsOf(record));
      return {
        effects: { firstRoundGain: first.accuracy - whole.accuracy, secondRoundGain: second.accuracy - first.accuracy },
        evidence: {
          accuracyWhole: whole.accuracy,
          accuracyFirst: first.accuracy,
          accuracySecond: second.accuracy,
          lrDecadesFirst: first.decades,
          lrDecadesSecond: second.decades,
          trialsFirst: first.count,
          trialsSecond: second.count,
        },
      };
    },
  };
}
