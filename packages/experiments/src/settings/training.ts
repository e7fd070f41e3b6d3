// How long to train, on what, and when to measure: options that experiments on MNIST share.

import { int } from '../options.ts';
import type { ClassifierTask, Dialect, OptimizerSpec, Part } from '../training/arm.ts';
import { stepsPerEpoch } from '../training/epoch.ts';
import { type NetworkSettings, perceptron } from './network.ts';

export const dataOptions = {
  batchSize: int({
    default: 128,
    min: 1,
    max: 4_096,
    label: { en: 'Batch size', ko: '배치 크기', ja: 'バッチサイズ' },
    help: {
      en: 'Images in a mini-batch, drawn with replacement.',
      ko: '미니배치 하나의 이미지 수. 복원 추출로 뽑는다.',
      ja: 'ミニバッチ 1 つの画像の枚数。復元抽出で選ぶ。',
    },
  }),
  trainSamples: int({
    default: 60_000,
    min: 1,
    max: 1_000_000,
    label: { en: 'Training images', ko: '훈련 이미지 수', ja: '訓練画像の枚数' },
    help: {
      en: 'Train on the first so many images; on all of them where there are fewer.',
      ko: '훈련 데이터의 앞에서부터 사용할 이미지 수. 그보다 적으면 모두 사용한다.',
      ja: '訓練データの先頭から使う画像の枚数。それより少なければすべて使う。',
    },
  }),
  testSamples: int({
    default: 10_000,
    min: 1,
    max: 1_000_000,
    label: { en: 'Test images', ko: '시험 이미지 수', ja: 'テスト画像の枚数' },
    help: {
      en: 'Measure test accuracy on the first so many images; on all of them where there are fewer.',
      ko: '시험 데이터의 앞에서부터 정확도를 잴 이미지 수. 그보다 적으면 모두 사용한다.',
      ja: 'テストデータの先頭から正解率を測る画像の枚数。それより少なければすべて使う。',
    },
  }),
};

export const stepOptions = {
  steps: int({
    default: 2_000,
    min: 1,
    max: 1_000_000,
    label: { en: 'Steps', ko: '스텝 수', ja: 'ステップ数' },
    help: { en: 'Parameter updates.', ko: '매개변수 갱신 횟수.', ja: 'パラメータの更新回数。' },
  }),
  evaluateEvery: int({
    default: 0,
    min: 0,
    max: 1_000_000,
    label: { en: 'Evaluate every', ko: '평가 간격', ja: '評価の間隔' },
    help: {
      en: 'Steps between measurements of test accuracy; 0: at the end only.',
      ko: '시험 데이터의 정확도를 재는 스텝 간격. 0이면 마지막에만 잰다.',
      ja: 'テストデータの正解率を測るステップ間隔。0 なら最後にだけ測る。',
    },
  }),
};

export const epochOptions = {
  epochs: int({
    default: 20,
    min: 1,
    max: 1_000_000,
    label: { en: 'Epochs', ko: '에폭 수', ja: 'エポック数' },
    help: {
      en: 'How often training sees as many images as there are.',
      ko: '훈련 이미지 수만큼의 이미지를 보는 횟수.',
      ja: '訓練画像と同じ枚数の画像を見る回数。',
    },
  }),
  evaluateEvery: int({
    default: 1,
    min: 0,
    max: 1_000_000,
    label: { en: 'Evaluate every', ko: '평가 간격', ja: '評価の間隔' },
    help: {
      en: 'Epochs between measurements of accuracy; 0: at the end only.',
      ko: '정확도를 재는 에폭 간격. 0이면 마지막에만 잰다.',
      ja: '正解率を測るエポック間隔。0 なら最後にだけ測る。',
    },
  }),
};

interface DataSettings extends NetworkSettings {
  readonly dialect: Dialect;
  readonly batchSize: number;
  readonly trainSamples: number;
  readonly testSamples: number;
}

interface StepSettings extends DataSettings {
  readonly steps: number;
  readonly evaluateEvery: number;
}

/** The classifier that the options describe, under one optimizer; its training is counted in steps. */
export function steppedTask(settings: StepSettings, optimizer: OptimizerSpec): ClassifierTask {
  const { dialect, batchSize, steps, trainSamples, testSamples, evaluateEvery } = settings;
  return {
    kind: 'classifier',
    network: perceptron(settings),
    optimizer,
    batchSize,
    steps,
    trainSamples,
    validationShare: 0,
    testSamples,
    measures: ['test'],
    evaluateEvery,
    dialect,
  };
}

interface EpochSettings extends DataSettings {
  readonly epochs: number;
  readonly evaluateEvery: number;
}

interface EpochPlan {
  readonly optimizer: OptimizerSpec;
  readonly measures: readonly Part[];
  /**
   * Where the book's program ends: after its last epoch (its Trainer), or with the measurement that begins it (its
   * hand-written loops).
   */
  readonly bookEnds: 'with-epoch' | 'with-measurement';
  /** Default 0. */
  readonly validationShare?: number;
}

/** The same with a training that is counted in epochs. */
export function epochTask(settings: EpochSettings, plan: EpochPlan): ClassifierTask {
  const { dialect, epochs, evaluateEvery } = settings;
  const { optimizer, measures, bookEnds, validationShare = 0 } = plan;
  const epoch = stepsPerEpoch({ ...settings, validationShare });
  const stopsEarly = dialect === 'book' && bookEnds === 'with-measurement';
  return {
    ...steppedTask({ ...settings, steps: epochs * epoch }, optimizer),
    steps: stopsEarly ? (epochs - 1) * epoch + 1 : epochs * epoch,
    validationShare,
    measures,
    evaluateEvery: evaluateEvery * epoch,
  };
}
