// How do activations spread at the start? The book's section 6.2.2.

import { defineExperiment } from '../experiment.ts';
import type { Figure, HistogramPanel } from '../figure/figure.ts';
import { activationsLesson } from '../lessons/initial-weights.ts';
import { float, int, withDefault } from '../options.ts';
import type { Claim } from '../record/claims.ts';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import { valuesOf } from '../record/series.ts';
import { dialect } from '../settings/dialect.ts';
import { networkOptions } from '../settings/network.ts';
import type { Activation, ActivationsTask, InitSpec } from '../training/arm.ts';

const activations = ['sigmoid', 'tanh', 'relu'] as const;
const labels = { sigmoid: 'sigmoid', tanh: 'tanh', relu: 'ReLU' };

export const weightInitActivationHistogram = defineExperiment({
  name: 'weight_init_activation_histogram',
  title: {
    en: 'Activations under four initial weights',
    ko: '네 가지 가중치 초깃값에서의 활성화값 분포',
    ja: '4 つの重みの初期値におけるアクティベーション分布',
  },
  question: {
    en: 'Before any learning, how do the spread of the weights and the activation function shape what each layer passes on?',
    ko: '학습하기 전, 가중치 초깃값의 표준편차와 활성화 함수에 따라 각 층의 활성화값은 어떻게 분포하는가?',
    ja: '学習の前、重みの初期値の標準偏差と活性化関数によって、各層のアクティベーションはどう分布するだろうか。',
  },
  lesson: activationsLesson,
  data: 'none',
  options: {
    dialect,
    inputs: int({
      default: 100,
      min: 1,
      max: 4_096,
      label: { en: 'Inputs', ko: '입력 수', ja: '入力の数' },
      help: {
        en: 'Numbers in an input, drawn from the standard normal distribution.',
        ko: '입력 하나에 담긴 수의 개수. 표준정규분포에서 뽑는다.',
        ja: '入力 1 つが持つ数の個数。標準正規分布から選ぶ。',
      },
    }),
    samples: int({
      default: 1_000,
      min: 1,
      max: 100_000,
      label: { en: 'Samples', ko: '표본 수', ja: 'サンプル数' },
      help: { en: 'Inputs that pass through.', ko: '통과시킬 입력의 수.', ja: '通過させる入力の数。' },
    }),
    hiddenSizes: { ...withDefault(networkOptions.hiddenSizes, [100, 100, 100, 100, 100]), minLength: 1 },
    largeStd: float({
      default: 1,
      min: 0,
      max: 100,
      label: { en: 'Large σ', ko: '큰 σ', ja: '大きい σ' },
      help: {
        en: 'Standard deviation of the weights in the arms with large ones.',
        ko: '가중치가 큰 경우의 표준편차.',
        ja: '重みが大きい場合の標準偏差。',
      },
    }),
    smallStd: float({
      default: 0.01,
      min: 0,
      max: 100,
      label: { en: 'Small σ', ko: '작은 σ', ja: '小さい σ' },
      help: {
        en: 'Standard deviation of the weights in the arms with small ones.',
        ko: '가중치가 작은 경우의 표준편차.',
        ja: '重みが小さい場合の標準偏差。',
      },
    }),
    bins: int({
      default: 30,
      min: 2,
      max: 1_000,
      label: { en: 'Bins', ko: '구간 수', ja: '区間の数' },
      help: {
        en: 'Bins of a histogram: from 0 to 1, of tanh from −1 to 1 (from 0 in the book).',
        ko: '히스토그램의 구간 수. 범위는 0에서 1, tanh는 -1에서 1(책에서는 0에서 1).',
        ja: 'ヒストグラムの区間の数。範囲は 0 から 1、tanh は −1 から 1（本では 0 から 1）。',
      },
    }),
  },
  arms(options, seed) {
    const { inputs, samples, hiddenSizes, bins, dialect } = options;
    return activations.flatMap((activation) =>
      initsOf(options).map(({ name, init }) => {
        const range = activation === 'tanh' && dialect === 'modern' ? ([-1, 1] as const) : ([0, 1] as const);
        const task: ActivationsTask = {
          kind: 'activations',
          steps: 1,
          inputs,
          samples,
          hiddenSizes,
          activation,
          init,
          bins,
          range,
        };
        return { name: armName(activation, name), seed, task };
      }),
    );
  },
  figures: (record) => activations.map((activation) => histograms(record, activation)),
  claims: [largeSaturates(), smallCollapses(), xavierSuits(), heSuits()],
});

interface NamedInit {
  readonly name: string;
  readonly init: InitSpec;
}

/** Each once, should both σ be the same. */
function initsOf({ largeStd, smallStd }: { readonly largeStd: number; readonly smallStd: number }): NamedInit[] {
  const stds = [...new Set([largeStd, smallStd])].map(
    (std): NamedInit => ({ name: `σ=${std}`, init: { kind: 'normal', std } }),
  );
  return [...stds, { name: 'Xavier', init: { kind: 'xavier' } }, { name: 'He', init: { kind: 'he' } }];
}

function armName(activation: Activation, init: string): string {
  return `${labels[activation]}, ${init}`;
}

/** One row an initial value, one panel a layer. */
function histograms(record: RunRecord, activation: Activation): Figure {
  const title = labels[activation];
  const prefix = armName(activation, '');
  const arms = record.arms.filter(({ name }) => name.startsWith(prefix));
  const panels = arms.flatMap((arm) => layersOf(arm, arm.name.slice(prefix.length)));
  return {
    id: `activations-${activation}`,
    title: {
      en: `Activations of ${title} before learning`,
      ko: `학습 전 ${title} 층의 활성화값 분포`,
      ja: `学習前の ${title} 層のアクティベーション分布`,
    },
    caption: {
      en: 'Share of the activations of each layer in each bin. Rows: initial weights; columns: layers. Bars above the axis are cut and labelled.',
      ko: '각 층의 활성화값이 구간마다 차지하는 비율. 행은 가중치 초깃값, 열은 층이다. 축보다 긴 막대는 잘라 내고 값을 적었다.',
      ja: '各層のアクティベーションが各区間に占める割合。行は重みの初期値、列は層。軸より長い棒は切り、値を記した。',
    },
    columns: Math.max(4, Math.min(5, panels.length / Math.max(1, arms.length))),
    panels,
  };
}

function layersOf({ histograms = {}, series }: ArmRecord, init: string): HistogramPanel[] {
  return Object.values(histograms).map(({ low, high, counts }, index) => {
    const beyond = series.beyond?.value[index] ?? 0;
    const inside = counts.reduce((sum, count) => sum + count, 0);
    const total = inside / (1 - beyond);
    const layer = index + 1;
    return {
      kind: 'histogram',
      title: { en: `${init}, layer ${layer}`, ko: `${init}, ${layer}층`, ja: `${init}, 第 ${layer} 層` },
      x: { label: { en: 'Activation', ko: '활성화값', ja: 'アクティベーション' }, domain: [low, high] },
      y: { label: { en: 'Share of activations (%)', ko: '활성화값의 비율 (%)', ja: '割合 (%)' }, domain: [0, 20] },
      curves: [
        {
          name: init,
          x: counts.map((_, bin) => low + ((high - low) * bin) / counts.length),
          y: counts.map((count) => (inside === 0 ? 0 : (100 * count) / total)),
          role: 'smooth',
        },
      ],
    };
  });
}

/** A series over the layers at the first layer, and at the last. */
function endsOf(record: RunRecord, arm: string, series: string): [first: number, last: number] {
  const values = valuesOf(record, arm, series);
  return [values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN];
}

function lastOf(record: RunRecord, activation: Activation, init: string, series: string): number {
  return endsOf(record, armName(activation, init), series)[1];
}

const stdOption = (record: RunRecord, option: 'largeStd' | 'smallStd') => `σ=${record.options[option]}`;

function largeSaturates(): Claim {
  return {
    id: 'large-weights-saturate',
    text: {
      en: 'Large weights saturate sigmoid and tanh: most activations lie within 5 % of an end, where gradients vanish.',
      ko: '가중치가 크면 sigmoid와 tanh가 포화된다. 활성화값 대부분이 양 끝 5% 안에 몰려 기울기가 사라진다.',
      ja: '重みが大きいと sigmoid と tanh は飽和する。大半の値が両端の 5 % に偏り、勾配が消える。',
    },
    otherwise: {
      en: 'This run does not show that the large weights saturate sigmoid and tanh.',
      ko: '이번 실행만으로는 큰 가중치가 sigmoid와 tanh를 포화시킨다고 말할 수 없다.',
      ja: 'この実行からは、大きい重みが sigmoid と tanh を飽和させるとは言えない。',
    },
    test(record) {
      const large = stdOption(record, 'largeStd');
      const sigmoid = lastOf(record, 'sigmoid', large, 'saturated');
      const tanh = lastOf(record, 'tanh', large, 'saturated');
      return {
        effects: { sigmoidAboveHalf: sigmoid - 0.5, tanhAboveHalf: tanh - 0.5 },
        evidence: { sigmoidSaturated: sigmoid, tanhSaturated: tanh },
      };
    },
  };
}

function smallCollapses(): Claim {
  return {
    id: 'small-weights-collapse',
    text: {
      en: 'Small weights make the activations of the last layer all alike: the units say the same, and depth is wasted.',
      ko: '가중치가 작으면 마지막 층의 활성화값이 거의 같아진다. 뉴런들이 같은 값을 내므로 층을 쌓은 의미가 없다.',
      ja: '重みが小さいと最後の層の値はほとんど同じになる。ニューロンが同じ値を出し、層を重ねた意味がない。',
    },
    otherwise: {
      en: 'This run does not show that the small weights make the activations of the last layer alike.',
      ko: '이번 실행만으로는 작은 가중치가 마지막 층의 활성화값을 같게 만든다고 말할 수 없다.',
      ja: 'この実行からは、小さい重みが最後の層の値を同じにするとは言えない。',
    },
    test(record) {
      const small = stdOption(record, 'smallStd');
      const stds = activations.map((activation) => lastOf(record, activation, small, 'std'));
      const [sigmoidStd = Number.NaN, tanhStd = Number.NaN, reluStd = Number.NaN] = stds;
      return { effects: { narrowerThan005: 0.05 - Math.max(...stds) }, evidence: { sigmoidStd, tanhStd, reluStd } };
    },
  };
}

function xavierSuits(): Claim {
  return {
    id: 'xavier-suits-sigmoid-and-tanh',
    text: {
      en: 'Under Xavier, sigmoid and tanh stay spread out through all layers, and hardly any activation is saturated.',
      ko: 'Xavier 초깃값에서는 sigmoid와 tanh의 활성화값이 모든 층에서 고르게 퍼지고, 포화되는 값은 거의 없다.',
      ja: 'Xavier の初期値では、sigmoid と tanh の値がすべての層で広がりを保ち、飽和する値はほとんどない。',
    },
    otherwise: {
      en: 'This run does not show that Xavier suits sigmoid and tanh.',
      ko: '이번 실행만으로는 Xavier 초깃값이 sigmoid와 tanh에 알맞다고 말할 수 없다.',
      ja: 'この実行からは、Xavier の初期値が sigmoid と tanh に適しているとは言えない。',
    },
    test(record) {
      const measure = (activation: Activation) => ({
        std: lastOf(record, activation, 'Xavier', 'std'),
        saturated: lastOf(record, activation, 'Xavier', 'saturated'),
      });
      const [sigmoid, tanh] = [measure('sigmoid'), measure('tanh')];
      return {
        effects: {
          widerThan005: Math.min(sigmoid.std, tanh.std) - 0.05,
          saturatedBelow5Percent: 0.05 - Math.max(sigmoid.saturated, tanh.saturated),
        },
        evidence: {
          sigmoidStd: sigmoid.std,
          tanhStd: tanh.std,
          sigmoidSaturated: sigmoid.saturated,
          tanhSaturated: tanh.saturated,
        },
      };
    },
  };
}

function heSuits(): Claim {
  return {
    id: 'he-suits-relu',
    text: {
      en: 'Under He the spread of ReLU activations stays what it was at the first layer; under Xavier it shrinks layer by layer.',
      ko: 'He 초깃값에서는 ReLU 활성화값의 분포 폭이 층을 거쳐도 유지되고, Xavier에서는 층마다 좁아진다.',
      ja: 'He の初期値では ReLU の値の広がりが層を経ても保たれ、Xavier では層ごとに狭くなる。',
    },
    otherwise: {
      en: 'This run does not show that He keeps the spread of ReLU activations where Xavier loses it.',
      ko: '이번 실행만으로는 He 초깃값이 Xavier와 달리 ReLU 활성화값의 분포 폭을 유지한다고 말할 수 없다.',
      ja: 'この実行からは、He の初期値が Xavier と違って ReLU の値の広がりを保つとは言えない。',
    },
    test(record) {
      const kept = (init: string) => {
        const [first, last] = endsOf(record, armName('relu', init), 'std');
        return last / first;
      };
      const [he, xavier] = [kept('He'), kept('Xavier')];
      return {
        effects: { heKeepsOverHalf: he - 0.5, xavierKeepsUnderHalf: 0.5 - xavier },
        evidence: { heKeeps: he, xavierKeeps: xavier },
      };
    },
  };
}
