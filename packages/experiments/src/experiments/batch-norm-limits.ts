// What happens to batch norm as the batch shrinks? The note's advanced part, 3.

import { stepAxis } from '../curves/loss.ts';
import { defineExperiment } from '../experiment.ts';
import type { Figure, LinePanel } from '../figure/figure.ts';
import { smooth } from '../figure/smooth.ts';
import { batchNormLimitsLesson } from '../lessons/normalisation.ts';
import { ints } from '../options.ts';
import type { Claim } from '../record/claims.ts';
import type { RunRecord } from '../record/record.ts';
import { networkOptions } from '../settings/network.ts';
import { optimizerOptions, optimizerSpec } from '../settings/optimizer.ts';
import { dataOptions, stepOptions, steppedTask } from '../settings/training.ts';
import type { Text } from '../text.ts';
import type { Norm } from '../training/arm.ts';

const title: Text = {
  en: 'Batch norm with ever smaller batches',
  ko: '배치 크기를 줄일 때의 배치 정규화',
  ja: 'バッチサイズを小さくしたときのバッチ正規化',
};

const { norm: _, ...network } = networkOptions;
const { batchSize: __, ...data } = dataOptions;

/** Curves by name. */
const norms: Readonly<Record<string, Norm>> = { none: 'none', 'batch norm': 'batch', 'layer norm': 'layer' };

export const batchNormLimits = defineExperiment({
  name: 'batch_norm_limits',
  title,
  question: {
    en: 'Batch norm measures its means and variances on the batch. What is left of it with 8 examples, with 2, with 1?',
    ko: '배치 정규화는 미니배치에서 평균과 분산을 구한다. 이미지가 8장, 2장, 1장뿐이면 어떻게 되는가?',
    ja: 'バッチ正規化は平均と分散をミニバッチから求める。画像が 8 枚、2 枚、1 枚しかないとどうなるだろうか。',
  },
  lesson: batchNormLimitsLesson,
  data: 'mnist',
  options: {
    ...network,
    batchSizes: ints({
      default: [128, 32, 8, 4, 2, 1],
      min: 1,
      max: 4_096,
      minLength: 1,
      maxLength: 16,
      label: { en: 'Batch sizes', ko: '배치 크기', ja: 'バッチサイズ' },
      help: {
        en: 'Images in a mini-batch, one size an arm, from the largest to the smallest.',
        ko: '비교할 미니배치의 이미지 수. 큰 것부터 늘어놓는다.',
        ja: '比べるミニバッチの画像の枚数。大きい順に並べる。',
      },
    }),
    ...stepOptions,
    steps: { ...stepOptions.steps, default: 1_000 },
    ...data,
    ...optimizerOptions,
  },
  arms(options, seed) {
    return [...new Set(options.batchSizes)].flatMap((batchSize) =>
      Object.entries(norms).map(([name, norm]) => {
        const task = steppedTask({ ...options, batchSize, norm }, optimizerSpec(options));
        return { name: armName(name, batchSize), seed, task: { ...task, measures: ['test', 'batch'] as const } };
      }),
    );
  },
  figures: (record) => [accuracies(record), losses(record)],
  claims: [failsWithOne(), losesItsLead(), layerNormDoesNotMind()],
});

function armName(norm: string, batchSize: number): string {
  return `${norm}, batch ${batchSize}`;
}

function sizesOf(record: RunRecord): number[] {
  return [...new Set(record.options.batchSizes as readonly number[])];
}

/** A measure at the end of an arm's training; guessing, where it diverged. */
function finalOf(record: RunRecord, norm: string, batchSize: number, measure: string): number {
  const arm = record.arms.find(({ name }) => name === armName(norm, batchSize));
  return arm?.status === 'diverged' ? 0.1 : (arm?.final[measure] ?? Number.NaN);
}

function accuracies(record: RunRecord): Figure {
  const sizes = sizesOf(record);
  const panel = (measure: string, heading: Text): LinePanel => ({
    kind: 'line',
    title: heading,
    x: {
      label: { en: 'Batch size', ko: '배치 크기', ja: 'バッチサイズ' },
      domain: [0, Math.max(1, sizes.length - 1)],
      names: sizes.map(String),
    },
    y: { label: { en: 'Test accuracy', ko: '시험 정확도', ja: 'テスト正解率' }, domain: [0, 1] },
    curves: Object.keys(norms).flatMap((name) => {
      const points = sizes
        .map((size, x) => ({ x, y: finalOf(record, name, size, measure) }))
        .filter(({ y }) => !Number.isNaN(y));
      return points.length === 0
        ? []
        : [{ name, x: points.map(({ x }) => x), y: points.map(({ y }) => y), role: 'smooth' as const }];
    }),
  });
  return {
    id: 'accuracy',
    title,
    caption: {
      en: 'Test accuracy after training with batches of each size: in evaluation, under running statistics, and in training mode, under those of a batch of that size.',
      ko: '배치 크기별로 학습한 뒤의 시험 정확도. 왼쪽은 이동 평균 통계로 평가할 때, 오른쪽은 같은 크기 배치의 통계를 쓰는 훈련 모드일 때.',
      ja: '各バッチサイズで学習した後のテスト正解率。左は移動平均の統計で評価した場合、右は同じ大きさのバッチの統計を使う訓練モードの場合。',
    },
    columns: 2,
    panels: [
      panel('testAccuracy', { en: 'running statistics', ko: '이동 평균 통계', ja: '移動平均の統計' }),
      panel('batchAccuracy', { en: 'statistics of the batch', ko: '배치의 통계', ja: 'バッチの統計' }),
    ],
  };
}

function losses(record: RunRecord): Figure {
  return {
    id: 'training-loss',
    title: { en: 'Training loss by batch size', ko: '배치 크기별 훈련 손실', ja: 'バッチサイズごとの訓練損失' },
    caption: {
      en: 'Moving average of the training loss over 11 steps; every panel is another batch size.',
      ko: '훈련 손실의 11스텝 이동 평균. 패널마다 배치 크기가 다르다.',
      ja: '訓練損失の 11 ステップ移動平均。パネルごとにバッチサイズが異なる。',
    },
    columns: 3,
    panels: sizesOf(record).map((size) => ({
      kind: 'line',
      title: { en: `batch ${size}`, ko: `배치 ${size}`, ja: `バッチ ${size}` },
      x: stepAxis,
      y: { label: { en: 'Loss (nats)', ko: '손실 (nat)', ja: '損失 (nat)' }, domain: [0, 3] },
      curves: Object.keys(norms).flatMap((name) => {
        const found = record.arms.find((arm) => arm.name === armName(name, size))?.series.trainLoss;
        return found ? [{ name, x: found.step, y: smooth(found.value), role: 'smooth' as const }] : [];
      }),
    })),
  };
}

/** The accuracy of a norm at the largest and at the smallest batch of the run. */
function atEnds(record: RunRecord, norm: string): [largest: number, smallest: number] {
  const sizes = sizesOf(record);
  const at = (size: number) => finalOf(record, norm, size, 'testAccuracy');
  return [at(Math.max(...sizes)), at(Math.min(...sizes))];
}

function failsWithOne(): Claim {
  return {
    id: 'batch-norm-fails-with-one-example',
    text: {
      en: 'With one example a batch, batch norm learns nothing that the network can use: its variance is 0 and its output β, whatever the image. (PyTorch refuses such a batch.)',
      ko: '이미지가 한 장이면 배치 정규화로는 쓸모 있는 것을 배우지 못한다. 분산이 0이라 어떤 이미지든 출력이 β가 된다. (PyTorch는 이런 배치를 거부한다.)',
      ja: '画像が 1 枚のバッチでは、バッチ正規化は役に立つことを学べない。分散が 0 となり、どの画像でも出力は β になる。（PyTorch はこのようなバッチを拒む。）',
    },
    otherwise: {
      en: 'This run does not show that batch norm fails with one example a batch.',
      ko: '이번 실행만으로는 이미지가 한 장일 때 배치 정규화가 실패한다고 말할 수 없다.',
      ja: 'この実行からは、画像 1 枚のバッチでバッチ正規化が失敗するとは言えない。',
    },
    concerns: ({ batchSizes }) => (batchSizes as readonly number[]).includes(1),
    test(record) {
      const at = (norm: string, measure: string) => finalOf(record, norm, 1, measure);
      const [inTraining, inEvaluation] = [at('batch norm', 'batchAccuracy'), at('batch norm', 'testAccuracy')];
      return {
        effects: {
          belowHalf: 0.5 - Math.max(inTraining, inEvaluation),
          behindLayerNorm: at('layer norm', 'testAccuracy') - inEvaluation,
        },
        evidence: { inTraining, inEvaluation },
      };
    },
  };
}

function losesItsLead(): Claim {
  return {
    id: 'batch-norm-loses-its-lead',
    text: {
      en: 'With the largest batch, batch norm is ahead of no norm; with the smallest it is behind.',
      ko: '배치가 가장 클 때는 배치 정규화가 앞서고, 가장 작을 때는 없는 것보다 뒤진다.',
      ja: 'バッチが最も大きいときはバッチ正規化が勝り、最も小さいときはないほうに劣る。',
    },
    otherwise: {
      en: 'This run does not show that batch norm is ahead with the largest batch and behind with the smallest.',
      ko: '이번 실행만으로는 배치 정규화가 큰 배치에서 앞서고 작은 배치에서 뒤진다고 말할 수 없다.',
      ja: 'この実行からは、バッチ正規化が大きいバッチで勝り小さいバッチで劣るとは言えない。',
    },
    test(record) {
      const [batch, none] = [atEnds(record, 'batch norm'), atEnds(record, 'none')];
      return {
        effects: { aheadWithLargest: batch[0] - none[0], behindWithSmallest: none[1] - batch[1] },
        evidence: {
          batchNormLargest: batch[0],
          noneLargest: none[0],
          batchNormSmallest: batch[1],
          noneSmallest: none[1],
        },
      };
    },
  };
}

function layerNormDoesNotMind(): Claim {
  return {
    id: 'layer-norm-needs-no-batch',
    text: {
      en: 'Layer norm takes its statistics from each example alone: with the smallest batch it beats batch norm and learns still.',
      ko: '층 정규화는 이미지마다 따로 통계를 구하므로, 배치가 가장 작아도 배치 정규화를 앞서며 여전히 학습한다.',
      ja: '層正規化は統計を画像ごとに求めるので、バッチが最小でもバッチ正規化に勝り、学習を続ける。',
    },
    otherwise: {
      en: 'This run does not show that layer norm goes on learning with the smallest batch.',
      ko: '이번 실행만으로는 층 정규화가 가장 작은 배치에서도 학습한다고 말할 수 없다.',
      ja: 'この実行からは、層正規化が最小のバッチでも学習するとは言えない。',
    },
    test(record) {
      const [layer, batch] = [atEnds(record, 'layer norm'), atEnds(record, 'batch norm')];
      return {
        effects: { aheadOfBatchNorm: layer[1] - batch[1], aboveHalf: layer[1] - 0.5 },
        evidence: { layerNormLargest: layer[0], layerNormSmallest: layer[1], batchNormSmallest: batch[1] },
      };
    },
  };
}
