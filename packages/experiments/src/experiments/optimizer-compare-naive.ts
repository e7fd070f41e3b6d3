// How do four update rules walk down a long valley? The book's section 6.1.7.

import { defineExperiment } from '../experiment.ts';
import type { Figure, PathPanel } from '../figure/figure.ts';
import { pathsLesson } from '../lessons/optimizers.ts';
import { choice, float, int, names, withDefault } from '../options.ts';
import type { Claim } from '../record/claims.ts';
import type { RunRecord } from '../record/record.ts';
import { valuesOf } from '../record/series.ts';
import { dialect } from '../settings/dialect.ts';
import { fourOptimizerOptions, fourOptimizers, optimizerNames } from '../settings/four-optimizers.ts';
import { type SurfaceName, surfaces } from '../training/surface.ts';
import { detour, sharpTurns } from './shared/path-measures.ts';

const rates = fourOptimizerOptions({ SGD: 0.95, Momentum: 0.1, AdaGrad: 1.5, Adam: 0.3 });

/** The book's rates are for the bowl; elsewhere they are such that every way can be followed by eye. */
const ratesBySurface = {
  ...rates,
  sgdLr: withDefault(rates.sgdLr, 0.95, { rosenbrock: 0.001, beale: 0.02, saddle: 0.1, plateau: 1 }),
  momentumLr: withDefault(rates.momentumLr, 0.1, { rosenbrock: 0.0005, beale: 0.01, saddle: 0.03, plateau: 1 }),
  adagradLr: withDefault(rates.adagradLr, 1.5, { rosenbrock: 0.3, beale: 0.5, saddle: 0.5, plateau: 0.5 }),
  adamLr: withDefault(rates.adamLr, 0.3, { rosenbrock: 0.1, beale: 0.1, saddle: 0.1, plateau: 0.3 }),
};

export const optimizerCompareNaive = defineExperiment({
  name: 'optimizer_compare_naive',
  title: {
    en: 'Four optimizers in a long valley',
    ko: '긴 골짜기에서 비교한 네 가지 매개변수 갱신 방법',
    ja: '細長い谷で比べる 4 つの最適化手法',
  },
  question: {
    en: 'On f(x, y) = x²/20 + y², twenty times as steep across as along, which way does each optimizer take to the bottom?',
    ko: '한 축으로는 가파르고 다른 축으로는 완만한 f(x, y) = x²/20 + y²에서 각 옵티마이저는 어떤 경로로 최솟값에 다가가는가?',
    ja: '一方の軸には急で他方にはなだらかな f(x, y) = x²/20 + y² で、各最適化手法はどんな経路で最小値へ向かうだろうか。',
  },
  lesson: pathsLesson,
  data: 'none',
  options: {
    preset: choice({
      default: 'bowl',
      choices: ['bowl', 'rosenbrock', 'beale', 'saddle', 'plateau'],
      label: { en: 'Surface', ko: '함수', ja: '関数' },
      help: {
        en: 'What to roll down, with a start and learning rates that suit it; bowl is the one of the book.',
        ko: '최솟값을 찾을 함수. 시작점과 학습률의 기본값도 함께 정해진다. bowl이 책의 함수이다.',
        ja: '最小値を探す関数。始点と学習率の既定値もこれで決まる。bowl が本の関数。',
      },
    }),
    optimizers: names({
      default: optimizerNames,
      choices: optimizerNames,
      label: { en: 'Optimizers', ko: '옵티마이저', ja: '最適化手法' },
      help: {
        en: 'Which ways are walked: all of them at once, or one by one.',
        ko: '경로를 그릴 옵티마이저. 모두 함께 또는 하나씩 볼 수 있다.',
        ja: '経路をたどる手法。すべて同時にも、1 つずつでも見られる。',
      },
    }),
    dialect,
    ...ratesBySurface,
    startX: withDefault(coordinate('x'), -7, { rosenbrock: -1.2, beale: 1, saddle: -1.5, plateau: -3 }),
    startY: withDefault(coordinate('y'), 2, { rosenbrock: 1, beale: 1, saddle: 0.01, plateau: 2 }),
    steps: withDefault(
      int({
        default: 30,
        min: 1,
        max: 10_000,
        label: { en: 'Steps', ko: '스텝 수', ja: 'ステップ数' },
        help: { en: 'Updates of the point.', ko: '점의 갱신 횟수.', ja: '点の更新回数。' },
      }),
      30,
      { rosenbrock: 200, beale: 100, saddle: 60, plateau: 60 },
    ),
  },
  point: ['startX', 'startY'],
  arms(options, seed) {
    const optimizers = fourOptimizers(options);
    const { preset: surface, startX, startY, steps } = options;
    return options.optimizers.map((name) => ({
      name,
      seed,
      task: { kind: 'surface', surface, start: [startX, startY], optimizer: optimizers[name], steps },
    }));
  },
  figures: (record) => [paths(record)],
  claims: [sgdZigzags()],
});

function coordinate(axis: 'x' | 'y') {
  return float({
    default: 0,
    min: -100,
    max: 100,
    label: { en: `Start ${axis}`, ko: `시작점 ${axis}`, ja: `始点の ${axis}` },
    help: {
      en: `Where the point starts, ${axis}.`,
      ko: `점이 출발하는 ${axis} 좌표.`,
      ja: `点が出発する ${axis} 座標。`,
    },
  });
}

function paths(record: RunRecord): Figure {
  const ways = record.arms.map(({ name }) => ({
    name,
    x: valuesOf(record, name, 'x'),
    y: valuesOf(record, name, 'y'),
  }));
  const surface = (record.options.preset ?? 'bowl') as SurfaceName;
  const { minimum, formula } = surfaces[surface];
  const x = extent(
    ways.flatMap((way) => way.x),
    minimum[0],
  );
  const y = extent(
    ways.flatMap((way) => way.y),
    minimum[1],
  );
  const axis = (label: string, domain: readonly [number, number]) => ({
    label: { en: label, ko: label, ja: label },
    domain,
  });
  const panel = (way: (typeof ways)[number]): PathPanel => ({
    kind: 'path',
    title: { en: way.name, ko: way.name, ja: way.name },
    x: axis('x', x),
    y: axis('y', y),
    surface,
    curves: [{ ...way, role: 'smooth' }],
  });
  return {
    id: 'paths',
    title: optimizerCompareNaive.title,
    caption: {
      en: `The way of each optimizer over the contours of f(x, y) = ${formula}, one dot a step; + marks the lowest point.`,
      ko: `f(x, y) = ${formula}의 등고선 위에 그린 각 옵티마이저의 경로. 점 하나가 한 스텝이고 +는 최솟값이다.`,
      ja: `f(x, y) = ${formula} の等高線上に描いた各手法の経路。点 1 つが 1 ステップで、+ は最小値を示す。`,
    },
    columns: Math.min(2, ways.length),
    panels: ways.map(panel),
  };
}

/** What to show of an axis: all that was visited, the lowest point, and some room; of a way that flees, a part. */
function extent(values: readonly number[], lowest: number): [number, number] {
  const finite = values.filter(Number.isFinite);
  const limit = 2 * Math.max(1, Math.abs(finite[0] ?? 1), Math.abs(lowest));
  const seen = finite.filter((value) => Math.abs(value) <= limit);
  const low = seen.reduce((least, value) => Math.min(least, value), lowest);
  const high = seen.reduce((most, value) => Math.max(most, value), lowest);
  const room = 0.08 * (high - low) || 1;
  return [low - room, high + room];
}

/** Straighter: fewer sharp turns, and a way less long for the distance it covers. */
function sgdZigzags(): Claim {
  return {
    id: 'sgd-zigzags',
    // Records made before one could choose have all four.
    concerns: ({ preset, optimizers = optimizerNames }) =>
      preset === 'bowl' && (optimizers as readonly string[]).length === optimizerNames.length,
    text: {
      en: 'SGD zigzags down the valley; Momentum, AdaGrad and Adam take straighter ways.',
      ko: 'SGD는 골짜기를 지그재그로 내려가고, Momentum, AdaGrad, Adam은 더 곧은 경로로 내려간다.',
      ja: 'SGD は谷をジグザグに下り、Momentum、AdaGrad、Adam はよりまっすぐな経路をたどる。',
    },
    otherwise: {
      en: 'This run does not show that SGD zigzags more than Momentum, AdaGrad and Adam.',
      ko: '이번 실행만으로는 SGD가 Momentum, AdaGrad, Adam보다 더 지그재그로 움직인다고 말할 수 없다.',
      ja: 'この実行からは、SGD が Momentum、AdaGrad、Adam よりジグザグに動くとは言えない。',
    },
    test(record) {
      const evidence: Record<string, number> = {};
      for (const name of optimizerNames) {
        const [x, y] = [valuesOf(record, name, 'x'), valuesOf(record, name, 'y')];
        evidence[`sharpTurns${name}`] = sharpTurns(x, y);
        evidence[`detour${name}`] = detour(x, y);
      }
      const others = ['Momentum', 'AdaGrad', 'Adam'];
      const least = (measure: string) =>
        Math.min(...others.map((name) => (evidence[`${measure}SGD`] as number) - (evidence[measure + name] as number)));
      return { effects: { turnsSpared: least('sharpTurns'), detourSpared: least('detour') }, evidence };
    },
  };
}
