// How do four update rules walk down a long valley? The book's section 6.1.7.
import type { Claim } from '../claims.ts';
import { defineExperiment } from '../experiment.ts';
import type { Figure, PathPanel } from '../figure.ts';
import { float, int } from '../options.ts';
import { detour, sharpTurns } from '../path-measures.ts';
import type { RunRecord } from '../record.ts';
import { valuesOf } from '../series.ts';
import { dialect } from '../settings/dialect.ts';
import { fourOptimizerOptions, fourOptimizers, optimizerNames } from '../settings/four-optimizers.ts';

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
  data: 'none',
  options: {
    dialect,
    ...fourOptimizerOptions({ SGD: 0.95, Momentum: 0.1, AdaGrad: 1.5, Adam: 0.3 }),
    startX: coordinate('x', -7),
    startY: coordinate('y', 2),
    steps: int({
      default: 30,
      min: 1,
      max: 10_000,
      label: { en: 'Steps', ko: '스텝 수', ja: 'ステップ数' },
      help: { en: 'Updates of the point.', ko: '점의 갱신 횟수.', ja: '点の更新回数。' },
    }),
  },
  arms(options, seed) {
    const optimizers = fourOptimizers(options);
    const { startX, startY, steps } = options;
    return optimizerNames.map((name) => ({
      name,
      seed,
      task: { kind: 'surface', surface: 'bowl', start: [startX, startY], optimizer: optimizers[name], steps },
    }));
  },
  figures: (record) => [paths(record)],
  claims: [sgdZigzags()],
});

function coordinate(axis: 'x' | 'y', value: number) {
  return float({
    default: value,
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
  const x = extent(ways.flatMap((way) => way.x));
  const y = extent(ways.flatMap((way) => way.y));
  const axis = (label: string, domain: readonly [number, number]) => ({
    label: { en: label, ko: label, ja: label },
    domain,
  });
  const panel = (way: (typeof ways)[number]): PathPanel => ({
    kind: 'path',
    title: { en: way.name, ko: way.name, ja: way.name },
    x: axis('x', x),
    y: axis('y', y),
    surface: 'bowl',
    curves: [{ ...way, role: 'smooth' }],
  });
  return {
    id: 'paths',
    title: optimizerCompareNaive.title,
    caption: {
      en: 'The way of each optimizer over the contours of f(x, y) = x²/20 + y², one dot a step; + marks the lowest point.',
      ko: 'f(x, y) = x²/20 + y²의 등고선 위에 그린 각 옵티마이저의 경로. 점 하나가 한 스텝이고 +는 최솟값이다.',
      ja: 'f(x, y) = x²/20 + y² の等高線上に描いた各手法の経路。点 1 つが 1 ステップで、+ は最小値を示す。',
    },
    columns: 2,
    panels: ways.map(panel),
  };
}

/** What to show of an axis: all that was visited, the lowest point at 0, and some room; of a way that flees, a part. */
function extent(values: readonly number[]): [number, number] {
  const limit = 2 * Math.max(1, Math.abs(values[0] ?? 1));
  const seen = values.filter((value) => Math.abs(value) <= limit);
  const [low, high] = [Math.min(0, ...seen), Math.max(0, ...seen)];
  const room = 0.08 * (high - low) || 1;
  return [low - room, high + room];
}

/** Straighter: fewer sharp turns, and a way less long for the distance it covers. */
function sgdZigzags(): Claim {
  return {
    id: 'sgd-zigzags',
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
