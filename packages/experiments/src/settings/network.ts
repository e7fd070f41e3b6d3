// The network, its data and its training: options that every experiment on MNIST shares.
import type { Activation, ClassifierTask, Dialect, InitSpec, OptimizerSpec } from '../arm.ts';
import { choice, float, int, ints } from '../options.ts';
import { dialect } from './dialect.ts';

/** The book's defaults; an experiment spreads them and overrides what differs. */
export const networkOptions = {
  dialect,
  hiddenSizes: ints({
    default: [100, 100, 100, 100],
    min: 1,
    max: 4_096,
    minLength: 0,
    maxLength: 32,
    label: { en: 'Hidden layers', ko: '은닉층', ja: '隠れ層' },
    help: {
      en: 'Units of each hidden layer, as in 100,100,50 or 100x4.',
      ko: '각 은닉층의 뉴런 수. 100,100,50 또는 100x4처럼 쓴다.',
      ja: '各隠れ層のニューロン数。100,100,50 や 100x4 のように書く。',
    },
  }),
  activation: choice({
    default: 'relu',
    choices: ['relu', 'sigmoid', 'tanh'],
    label: { en: 'Activation', ko: '활성화 함수', ja: '活性化関数' },
    help: {
      en: 'Activation function of the hidden layers.',
      ko: '은닉층의 활성화 함수.',
      ja: '隠れ層の活性化関数。',
    },
  }),
  init: choice({
    default: 'he',
    choices: ['he', 'xavier', 'glorot', 'normal'],
    label: { en: 'Initial weights', ko: '가중치 초깃값', ja: '重みの初期値' },
    help: {
      en: 'Spread of the initial weights: he √(2/n), xavier √(1/n), glorot √(2/(n+m)), normal: init-std; n inputs, m outputs.',
      ko: '가중치 초깃값의 표준편차: he √(2/n), xavier √(1/n), glorot √(2/(n+m)), normal은 init-std. n은 입력, m은 출력의 수.',
      ja: '重みの初期値の標準偏差: he √(2/n)、xavier √(1/n)、glorot √(2/(n+m))、normal は init-std。n は入力数、m は出力数。',
    },
  }),
  initStd: float({
    default: 0.01,
    min: 0,
    max: 100,
    label: { en: 'Standard deviation', ko: '표준편차', ja: '標準偏差' },
    help: {
      en: 'Standard deviation of the initial weights where init is normal.',
      ko: 'init이 normal일 때 가중치 초깃값의 표준편차.',
      ja: 'init が normal のときの重みの初期値の標準偏差。',
    },
  }),
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
  steps: int({
    default: 2_000,
    min: 1,
    max: 1_000_000,
    label: { en: 'Steps', ko: '스텝 수', ja: 'ステップ数' },
    help: { en: 'Parameter updates.', ko: '매개변수 갱신 횟수.', ja: 'パラメータの更新回数。' },
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

interface NetworkSettings {
  readonly dialect: Dialect;
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  readonly init: InitSpec['kind'];
  readonly initStd: number;
  readonly batchSize: number;
  readonly steps: number;
  readonly trainSamples: number;
  readonly evaluateEvery: number;
}

/** The classifier that the options describe, under one optimizer. */
export function classifierTask(settings: NetworkSettings, optimizer: OptimizerSpec): ClassifierTask {
  const { dialect, hiddenSizes, activation, init, initStd, batchSize, steps, trainSamples, evaluateEvery } = settings;
  return {
    kind: 'classifier',
    hiddenSizes,
    activation,
    init: init === 'normal' ? { kind: init, std: initStd } : { kind: init },
    optimizer,
    batchSize,
    steps,
    trainSamples,
    evaluateEvery,
    dialect,
  };
}
