// Why layer norm for sequences? The note's advanced part, 3.

import { stepAxis, trainingLossFigure } from '../curves/loss.ts';
import { defineExperiment } from '../experiment.ts';
import type { Figure, LinePanel } from '../figure/figure.ts';
import { recurrenceLesson } from '../lessons/normalisation.ts';
import { choice, float, int, withDefault } from '../options.ts';
import type { Claim } from '../record/claims.ts';
import type { RunRecord } from '../record/record.ts';
import { dialect } from '../settings/dialect.ts';
import { optimizerOptions, optimizerSpec } from '../settings/optimizer.ts';
import { dataOptions, stepOptions } from '../settings/training.ts';
import type { Text } from '../text.ts';
import type { ClassifierTask, Norm } from '../training/arm.ts';

const title: Text = {
  en: 'Norms in a recurrent network',
  ko: '순환 신경망에서의 정규화',
  ja: 'リカレントネットワークにおける正規化',
};

/** Arms by name. */
const norms: Readonly<Record<string, Norm>> = { none: 'none', 'batch norm': 'batch', 'layer norm': 'layer' };

export const layerNormRnn = defineExperiment({
  name: 'layer_norm_rnn',
  title,
  question: {
    en: 'A recurrent network reads an image row by row, and each step has statistics of its own. Which norm suits it?',
    ko: '순환 신경망이 이미지를 한 행씩 읽으면 시점마다 통계치가 다르다. 어떤 정규화가 알맞은가?',
    ja: 'リカレントネットワークが画像を 1 行ずつ読むと、時刻ごとに統計が異なる。どの正規化が適しているだろうか。',
  },
  lesson: recurrenceLesson,
  data: 'mnist',
  options: {
    dialect,
    sequenceSteps: choice({
      default: '28',
      choices: ['7', '14', '28', '56', '112', '196', '392', '784'],
      label: { en: 'Sequence length', ko: '시퀀스 길이', ja: '系列の長さ' },
      help: {
        en: 'Pieces that an image of 784 pixels is read in, from the top: 28 rows of 28, up to 784 single pixels.',
        ko: '784픽셀 이미지를 위에서부터 몇 조각으로 나누어 읽을지 정한다. 28이면 28픽셀씩 28행, 784면 한 픽셀씩.',
        ja: '784 画素の画像を上から何個に分けて読むか。28 なら 28 画素ずつ 28 行、784 なら 1 画素ずつ。',
      },
    }),
    hiddenSize: int({
      default: 100,
      min: 1,
      max: 4_096,
      label: { en: 'Hidden units', ko: '은닉 뉴런 수', ja: '隠れニューロン数' },
      help: { en: 'Units of the memory.', ko: '기억을 담는 뉴런의 수.', ja: '記憶を担うニューロンの数。' },
    }),
    initialGamma: float({
      default: 1,
      min: 0,
      max: 100,
      label: { en: 'Initial γ', ko: 'γ의 초깃값', ja: 'γ の初期値' },
      help: {
        en: 'What γ of both norms starts at; Cooijmans et al. (2016) advise 0.1 for batch norm.',
        ko: '두 정규화에서 γ의 초깃값. Cooijmans 등(2016)은 배치 정규화에 0.1을 권한다.',
        ja: '両方の正規化における γ の初期値。Cooijmans ら（2016）はバッチ正規化に 0.1 を勧める。',
      },
    }),
    ...stepOptions,
    steps: withDefault(stepOptions.steps, 1_000),
    evaluateEvery: withDefault(stepOptions.evaluateEvery, 100),
    ...dataOptions,
    ...optimizerOptions,
    optimizer: withDefault(optimizerOptions.optimizer, 'adam'),
    lr: withDefault(optimizerOptions.lr, 0.001),
  },
  arms(options, seed) {
    const { sequenceSteps, hiddenSize, initialGamma, dialect, ...rest } = options;
    const { batchSize, steps, trainSamples, testSamples, evaluateEvery } = rest;
    return Object.entries(norms).map(([name, norm]) => {
      const task: ClassifierTask = {
        kind: 'classifier',
        network: { kind: 'recurrent', sequenceSteps: Number(sequenceSteps), hiddenSize, norm, initialGamma },
        optimizer: optimizerSpec(options),
        batchSize,
        steps,
        trainSamples,
        validationShare: 0,
        testSamples,
        measures: ['test', 'batch'],
        evaluateEvery,
        dialect,
      };
      return { name, seed, task };
    });
  },
  figures: (record) => [trainingLossFigure(record, title, [1, 2.5]), accuracies(record)],
  claims: [batchNormDoesNotSuit(), layerNormDoes()],
});

/** Test accuracy as it is evaluated, and under the statistics of the batch. */
function accuracies(record: RunRecord): Figure {
  const panel = (series: string, heading: Text): LinePanel => ({
    kind: 'line',
    title: heading,
    x: stepAxis,
    y: { label: { en: 'Test accuracy', ko: '시험 정확도', ja: 'テスト正解率' }, domain: [0, 1] },
    curves: record.arms.flatMap(({ name, series: { [series]: found } }) =>
      found ? [{ name, x: found.step, y: found.value, role: 'smooth' as const }] : [],
    ),
  });
  return {
    id: 'accuracy',
    title: {
      en: 'Test accuracy of the recurrent network',
      ko: '순환 신경망의 시험 정확도',
      ja: 'リカレントネットワークのテスト正解率',
    },
    caption: {
      en: 'Left: as evaluated, batch norm under the running statistics of each step. Right: under the statistics of the test batch itself.',
      ko: '왼쪽은 평가할 때(배치 정규화는 시점별 이동 평균 통계 사용), 오른쪽은 시험 배치 자체의 통계를 쓸 때.',
      ja: '左は評価時（バッチ正規化は時刻ごとの移動平均の統計を使う）、右はテストバッチ自身の統計を使う場合。',
    },
    columns: 2,
    panels: [
      panel('testAccuracy', { en: 'running statistics', ko: '이동 평균 통계', ja: '移動平均の統計' }),
      panel('batchAccuracy', { en: 'statistics of the batch', ko: '배치의 통계', ja: 'バッチの統計' }),
    ],
  };
}

/** A measure at the end of training; guessing, where an arm diverged. */
function finalOf(record: RunRecord, name: string, measure = 'testAccuracy'): number {
  const arm = record.arms.find((each) => each.name === name);
  return arm?.status === 'diverged' ? 0.1 : (arm?.final[measure] ?? Number.NaN);
}

function batchNormDoesNotSuit(): Claim {
  return {
    id: 'batch-norm-does-not-suit-rnn',
    text: {
      en: 'Batch norm does not suit this recurrent network: evaluated, it names fewer test images rightly than without any norm.',
      ko: '배치 정규화는 이 순환 신경망에 맞지 않는다. 평가하면 정규화가 없을 때보다 시험 이미지를 덜 맞힌다.',
      ja: 'バッチ正規化はこのリカレントネットワークに向かない。評価すると、正規化なしよりテスト画像を当てられない。',
    },
    otherwise: {
      en: 'This run does not show that batch norm does harm to this recurrent network.',
      ko: '이번 실행만으로는 배치 정규화가 이 순환 신경망에 해롭다고 말할 수 없다.',
      ja: 'この実行からは、バッチ正規化がこのリカレントネットワークに害を与えるとは言えない。',
    },
    test(record) {
      const [batch, none] = [finalOf(record, 'batch norm'), finalOf(record, 'none')];
      return {
        effects: { testAccuracyLost: none - batch },
        evidence: { batchNorm: batch, none, batchNormByBatch: finalOf(record, 'batch norm', 'batchAccuracy') },
      };
    },
  };
}

function layerNormDoes(): Claim {
  return {
    id: 'layer-norm-suits-rnn',
    text: {
      en: 'Layer norm does suit it: with it the network names more test images rightly than with batch norm or without any norm.',
      ko: '층 정규화는 알맞다. 배치 정규화를 쓸 때나 정규화가 없을 때보다 시험 이미지를 더 많이 맞힌다.',
      ja: '層正規化は向いている。バッチ正規化や正規化なしより多くのテスト画像を当てる。',
    },
    otherwise: {
      en: 'This run does not show that layer norm suits this recurrent network best.',
      ko: '이번 실행만으로는 층 정규화가 이 순환 신경망에 가장 알맞다고 말할 수 없다.',
      ja: 'この実行からは、層正規化がこのリカレントネットワークに最も適しているとは言えない。',
    },
    test(record) {
      const [layer, batch, none] = ['layer norm', 'batch norm', 'none'].map((name) => finalOf(record, name)) as [
        number,
        number,
        number,
      ];
      return {
        effects: { aheadOfNone: layer - none, aheadOfBatchNorm: layer - batch },
        evidence: { layerNorm: layer, batchNorm: batch, none },
      };
    },
  };
}
