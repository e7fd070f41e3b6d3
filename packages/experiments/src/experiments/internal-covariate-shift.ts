// How does what a layer is given move while the layers below it learn? The note's advanced part, 1.

import { stepAxis } from '../curves/loss.ts';
import { defineExperiment } from '../experiment.ts';
import type { Figure, LinePanel } from '../figure/figure.ts';
import { covariateShiftLesson } from '../lessons/normalisation.ts';
import { choice, int, withDefault } from '../options.ts';
import type { Claim } from '../record/claims.ts';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import { mean, valuesOf } from '../record/series.ts';
import { networkOptions } from '../settings/network.ts';
import { optimizerOptions, optimizerSpec } from '../settings/optimizer.ts';
import { dataOptions, stepOptions, steppedTask } from '../settings/training.ts';
import type { Text } from '../text.ts';
import type { Norm } from '../training/arm.ts';

const title: Text = {
  en: 'Internal covariate shift',
  ko: '내부 공변량 변화',
  ja: '内部共変量シフト',
};

const { norm: _, activation, ...network } = networkOptions;

/** Arms by name. */
const norms: Readonly<Record<string, Norm>> = { none: 'none', 'batch norm': 'batch' };

export const internalCovariateShift = defineExperiment({
  name: 'internal_covariate_shift',
  title,
  question: {
    en: 'While the layers below learn, how does the distribution that an activation is given move, and does batch norm hold it still?',
    ko: '아래층이 학습하는 동안 활성화 함수에 들어오는 값의 분포는 어떻게 움직이며, 배치 정규화는 그것을 붙잡아 두는가?',
    ja: '下の層が学習する間、活性化関数に入る値の分布はどう動き、バッチ正規化はそれを抑えるのだろうか。',
  },
  lesson: covariateShiftLesson,
  data: 'mnist',
  options: {
    ...network,
    hiddenSizes: { ...withDefault(network.hiddenSizes, [100, 100, 100]), minLength: 1 },
    activation: choice({
      default: 'sigmoid',
      choices: ['sigmoid', 'tanh'],
      label: activation.label,
      help: {
        en: 'Activation function of the hidden layers. What ReLU is given is never stored, so it is not offered here.',
        ko: '은닉층의 활성화 함수. ReLU에 들어오는 값은 저장되지 않으므로 여기서는 고를 수 없다.',
        ja: '隠れ層の活性化関数。ReLU に入る値は保存されないので、ここでは選べない。',
      },
    }),
    init: withDefault(network.init, 'xavier'),
    ...stepOptions,
    ...dataOptions,
    batchSize: withDefault(dataOptions.batchSize, 60),
    ...optimizerOptions,
    lr: withDefault(optimizerOptions.lr, 0.1),
    probeEvery: int({
      default: 20,
      min: 1,
      max: 1_000_000,
      label: { en: 'Look every', ko: '관찰 간격', ja: '観察の間隔' },
      help: {
        en: 'Steps between looks at the distributions.',
        ko: '분포를 살펴보는 스텝 간격.',
        ja: '分布を調べるステップ間隔。',
      },
    }),
  },
  arms(options, seed) {
    const { probeEvery } = options;
    return Object.entries(norms).map(([name, norm]) => ({
      name,
      seed,
      task: { ...steppedTask({ ...options, norm }, optimizerSpec(options)), probeEvery },
    }));
  },
  figures: (record) => [bands(record), drifts(record)],
  claims: [holdsStill(), learnsFaster()],
});

/** How many layers were looked at. */
function layerCount(record: RunRecord): number {
  return (record.options.hiddenSizes as readonly number[]).length;
}

function layerTitle(layer: number): Text {
  return { en: `layer ${layer}`, ko: `${layer}층`, ja: `第 ${layer} 層` };
}

/** One row an arm, one column a layer. */
function bands(record: RunRecord): Figure {
  const reach = reachOf(record);
  const layers = Array.from({ length: layerCount(record) }, (_, i) => i + 1);
  return {
    id: 'inputs-of-activations',
    title,
    caption: {
      en: 'What the activation of each layer is given, over its units and 100 fixed images: the median, and a band from the 15th to the 85th percentile.',
      ko: '각 층의 활성화 함수에 들어오는 값의 분포(고정된 이미지 100장과 모든 뉴런). 선은 중앙값, 띠는 15~85백분위수.',
      ja: '各層の活性化関数に入る値の分布（固定した 100 枚の画像と全ニューロン）。線は中央値、帯は 15〜85 パーセンタイル。',
    },
    columns: Math.min(3, Math.max(1, layers.length)),
    panels: record.arms.flatMap((arm) => layers.map((layer) => band(arm, layer, reach))),
  };
}

/** The farthest edge of any band from 0, in whole numbers. */
function reachOf(record: RunRecord): number {
  const edges = record.arms.flatMap(({ series }) =>
    Object.entries(series).flatMap(([name, { value }]) => (/(Low|High)$/.test(name) ? value : [])),
  );
  return Math.ceil(edges.reduce((farthest, edge) => Math.max(farthest, Math.abs(edge)), 1));
}

function band({ name, series }: ArmRecord, layer: number, reach: number): LinePanel {
  const of = (quantile: string) => series[`layer${layer}${quantile}`] ?? { step: [], value: [] };
  const { step: x, value: y } = of('Median');
  const { en, ko, ja } = layerTitle(layer);
  return {
    kind: 'line',
    title: { en: `${name}, ${en}`, ko: `${name}, ${ko}`, ja: `${name}, ${ja}` },
    x: stepAxis,
    y: { label: { en: 'Input', ko: '입력값', ja: '入力' }, domain: [-reach, reach] },
    curves: [{ name, x, y, role: 'smooth', band: [of('Low').value, of('High').value] }],
  };
}

function drifts(record: RunRecord): Figure {
  const layers = Array.from({ length: layerCount(record) }, (_, i) => i + 1);
  return {
    id: 'drift',
    title: { en: 'How far the inputs of a layer drift', ko: '층의 입력이 움직인 거리', ja: '層の入力が動いた距離' },
    caption: {
      en: "How far the mean input of a unit is from where it was at first: the mean over the units, in the layer's first standard deviations.",
      ko: '뉴런마다 평균 입력이 처음 위치에서 얼마나 멀어졌는지를 그 층의 처음 표준편차 단위로 나타낸 평균.',
      ja: '各ニューロンの平均入力が最初の位置からどれだけ離れたかを、その層の最初の標準偏差を単位として平均した値。',
    },
    columns: Math.min(3, Math.max(1, layers.length)),
    panels: layers.map((layer) => ({
      kind: 'line',
      title: layerTitle(layer),
      x: stepAxis,
      y: { label: { en: 'Drift (σ)', ko: '이동 (σ)', ja: '移動 (σ)' } },
      curves: record.arms.flatMap(({ name, series }) => {
        const found = series[`layer${layer}Drift`];
        return found ? [{ name, x: found.step, y: found.value, role: 'smooth' as const }] : [];
      }),
    })),
  };
}

function holdsStill(): Claim {
  return {
    id: 'batch-norm-holds-inputs-still',
    text: {
      en: 'Without batch norm the inputs of the last hidden layer drift further from where they began than with it.',
      ko: '배치 정규화가 없으면 마지막 은닉층의 입력 분포가 처음 위치에서 더 멀리 움직인다.',
      ja: 'バッチ正規化がないと、最後の隠れ層の入力は最初の位置からより遠くへ動く。',
    },
    otherwise: {
      en: 'This run does not show that batch norm holds the inputs of the last hidden layer more still.',
      ko: '이번 실행만으로는 배치 정규화가 마지막 은닉층의 입력 분포를 더 붙잡아 둔다고 말할 수 없다.',
      ja: 'この実行からは、バッチ正規化が最後の隠れ層の入力をより動かなくするとは言えない。',
    },
    test(record) {
      const series = `layer${layerCount(record)}Drift`;
      const [without, withIt] = Object.keys(norms).map((name) => mean(valuesOf(record, name, series))) as [
        number,
        number,
      ];
      return { effects: { driftSpared: without - withIt }, evidence: { driftWithout: without, driftWith: withIt } };
    },
  };
}

function learnsFaster(): Claim {
  return {
    id: 'batch-norm-learns-faster',
    text: {
      en: 'With batch norm the network learns faster.',
      ko: '배치 정규화가 있으면 더 빨리 학습한다.',
      ja: 'バッチ正規化があると速く学習する。',
    },
    otherwise: {
      en: 'This run does not show that the network learns faster with batch norm.',
      ko: '이번 실행만으로는 배치 정규화가 있으면 더 빨리 학습한다고 말할 수 없다.',
      ja: 'この実行からは、バッチ正規化があると速く学習するとは言えない。',
    },
    test(record) {
      const [without, withIt] = Object.keys(norms).map((name) => mean(valuesOf(record, name, 'trainLoss'))) as [
        number,
        number,
      ];
      return { effects: { lowersMeanLossBy: without - withIt }, evidence: { lossWithout: without, lossWith: withIt } };
    },
  };
}
