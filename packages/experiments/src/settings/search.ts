// How a search goes: options that make a `Study`.
import { choice, float, int, type Options, refuse, toOption } from '../options.ts';
import type { PrunerSpec } from '../search/pruner.ts';
import type { SamplerSpec } from '../search/samplers/sampler.ts';
import type { Text } from '../text.ts';

/** Where to look, and how often. */
export const spaceOptions = {
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
  space: choice({
    default: 'book',
    choices: ['book', 'optimizer'],
    label: { en: 'Search space', ko: '탐색 공간', ja: '探索空間' },
    help: {
      en: 'What is searched: learning rate and weight decay (book), or also the rule, its momentum and the width of the layers.',
      ko: '탐색할 대상. book은 학습률과 가중치 감소, optimizer는 여기에 갱신 규칙과 모멘텀, 층의 너비를 더한다.',
      ja: '探索する対象。book は学習率と荷重減衰、optimizer はさらに更新則、モメンタム、層の幅も探す。',
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
};

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

/** How to look. */
export const searchOptions = {
  sampler: choice({
    default: 'random',
    choices: ['random', 'grid', 'sobol', 'narrowing', 'tpe'],
    label: { en: 'Sampler', ko: '표본 추출', ja: 'サンプラー' },
    help: {
      en: 'How trials are chosen: at random, on a grid, by a Sobol sequence, by narrowing the range round by round, or by TPE.',
      ko: '시행을 고르는 방법. random은 무작위, grid는 격자, sobol은 소볼 수열, narrowing은 범위를 단계마다 좁히기, tpe는 TPE.',
      ja: '試行の選び方。random は無作為、grid は格子、sobol はソボル列、narrowing は範囲を段階ごとに狭める方法、tpe は TPE。',
    },
  }),
  pruner: choice({
    default: 'none',
    choices: ['none', 'median', 'halving'],
    label: { en: 'Pruner', ko: '조기 중단', ja: '枝刈り' },
    help: {
      en: 'Which trials are stopped early: none, those below the median, or all but the best 1/eta (successive halving).',
      ko: '일찍 멈출 시행. none은 없음, median은 중앙값보다 낮은 시행, halving은 상위 1/eta를 뺀 나머지(연속 반감).',
      ja: '早めに打ち切る試行。none はなし、median は中央値を下回る試行、halving は上位 1/eta 以外（逐次半減法）。',
    },
  }),
  roundSize: int({
    default: 20,
    min: 2,
    max: 10_000,
    label: { en: 'Trials a round', ko: '한 단계의 시행 수', ja: '1 段階の試行数' },
    help: {
      en: 'Trials that are chosen together: narrowing and tpe learn between rounds, and pruners compare within one.',
      ko: '함께 고르는 시행의 수. narrowing과 tpe는 단계 사이에 배우고, 조기 중단은 단계 안에서 비교한다.',
      ja: '一緒に選ぶ試行の数。narrowing と tpe は段階の間に学び、枝刈りは段階の中で比べる。',
    },
  }),
  keep: float({
    default: 0.25,
    min: 0.01,
    max: 1,
    label: { en: 'Share kept', ko: '남기는 비율', ja: '残す割合' },
    help: {
      en: 'Narrowing: the share of the trials in the range whose span, widened a little, is the next range.',
      ko: 'narrowing에서 범위 안의 시행 가운데 남기는 비율. 남은 시행이 놓인 범위를 조금 넓혀 다음 범위로 삼는다.',
      ja: 'narrowing で範囲内の試行のうち残す割合。残った試行の範囲を少し広げて次の範囲とする。',
    },
  }),
  firstRung: int({
    default: 5,
    min: 1,
    max: 1_000_000,
    label: { en: 'First rung', ko: '첫 비교 시점', ja: '最初の比較' },
    help: {
      en: 'Pruners: epochs before trials are first compared; median compares at every multiple, halving at eta times as many each time.',
      ko: '조기 중단에서 시행을 처음 비교할 에폭. median은 그 배수마다, halving은 매번 eta배의 에폭에서 비교한다.',
      ja: '枝刈りで試行を最初に比べるエポック。median はその倍数ごとに、halving は毎回 eta 倍のエポックで比べる。',
    },
  }),
  eta: int({
    default: 3,
    min: 2,
    max: 100,
    label: { en: 'η of halving', ko: '연속 반감의 η', ja: '逐次半減法の η' },
    help: {
      en: 'Halving: one trial in eta goes on at each rung.',
      ko: 'halving에서 비교할 때마다 eta개 가운데 하나만 계속한다.',
      ja: 'halving で比べるたびに eta 個のうち 1 個だけが続く。',
    },
  }),
};

type SearchSettings = Options<typeof searchOptions> & { readonly evaluateEvery: number };

/** Optuna's number of trials at random before TPE has something to go by. */
const STARTUP = 10;

export function samplerSpec({ sampler, keep }: SearchSettings): SamplerSpec {
  if (sampler === 'narrowing') return { kind: sampler, keep };
  return sampler === 'tpe' ? { kind: sampler, startup: STARTUP } : { kind: sampler };
}

export function prunerSpec({ pruner, firstRung, eta }: SearchSettings, stepsPerEpoch: number): PrunerSpec {
  if (pruner === 'none') return { kind: pruner };
  const first = firstRung * stepsPerEpoch;
  return pruner === 'median' ? { kind: pruner, first } : { kind: pruner, first, eta };
}

/** @throws OptionError if a range is reversed, or trials would be compared by what is never measured */
export function checkSearch(
  options: SearchSettings & Options<typeof spaceOptions> & { readonly trainSamples: number },
) {
  const { lrLow, lrHigh, weightDecayLow, weightDecayHigh, pruner, evaluateEvery, firstRung } = options;
  checkRange('lr', lrLow, lrHigh);
  checkRange('weight-decay', weightDecayLow, weightDecayHigh);
  refuse(pruner !== 'none' && evaluateEvery === 0, 'evaluateEvery', {
    en: `expected --evaluate-every to be 1 or more with --pruner ${pruner} but got 0`,
    ko: `--pruner ${pruner}에는 1 이상의 --evaluate-every가 필요하다.`,
    ja: `--pruner ${pruner} には 1 以上の --evaluate-every が必要である。`,
  });
  refuse(pruner !== 'none' && evaluateEvery > firstRung, 'firstRung', {
    en: `expected --first-rung to be --evaluate-every, ${evaluateEvery}, or more but got ${firstRung}`,
    ko: `--first-rung(${firstRung})은 --evaluate-every(${evaluateEvery}) 이상이어야 한다.`,
    ja: `--first-rung（${firstRung}）は --evaluate-every（${evaluateEvery}）以上でなければならない。`,
  });
  checkValidation(options, options.trainSamples);
}

function checkRange(name: string, low: number, high: number): void {
  refuse(low > high, toOption(`${name}-low`), {
    en: `expected --${name}-low to be at most --${name}-high, ${high}, but got ${low}`,
    ko: `--${name}-low(${low})는 --${name}-high(${high}) 이하여야 한다.`,
    ja: `--${name}-low（${low}）は --${name}-high（${high}）以下でなければならない。`,
  });
}

/** @throws OptionError if the share of so many images is none */
export function checkValidation({ validationShare }: { readonly validationShare: number }, images: number): void {
  refuse(Math.floor(images * validationShare) === 0, 'validationShare', {
    en: `--validation-share ${validationShare} of ${images} training images leaves none to measure trials by; raise it or --train-samples`,
    ko: `훈련 이미지 ${images}개의 ${validationShare}배는 한 개가 되지 않는다. --validation-share나 --train-samples를 늘려야 한다.`,
    ja: `訓練画像 ${images} 枚の ${validationShare} 倍は 1 枚に満たない。--validation-share か --train-samples を大きくする必要がある。`,
  });
}
