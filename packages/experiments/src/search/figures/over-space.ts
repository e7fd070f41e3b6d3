// Where in the space the good trials lie: along each dimension, over two of them, and over all at once.
import { shareAt } from '../../figure/extent.ts';
import type { Figure, HeightMap } from '../../figure/figure.ts';
import { importancesOf } from '../importance.ts';
import { axisOf, type Dimension } from '../space.ts';
import type { Study } from '../study.ts';
import { cloud, coordinateAxis, curvesOf, groupsOf, nameOf, type Tried, unsaid, valueAxis } from './tried.ts';

const has =
  ({ name }: Dimension) =>
  (trial: Tried) =>
    name in trial.point;
const at =
  ({ name }: Dimension) =>
  (trial: Tried) =>
    trial.point[name] as number;

/** The value over each dimension. */
export function slice(study: Study, trials: readonly Tried[]): Figure {
  return {
    id: 'slice',
    title: { en: 'Along each dimension', ko: '차원별로 본 시행', ja: '次元ごとに見た試行' },
    caption: {
      en: 'The value of every trial over what it tried, dimension by dimension.',
      ko: '시험한 값에 대한 모든 시행의 결과를 차원마다 나타냈다.',
      ja: '試した値に対するすべての試行の結果を、次元ごとに示す。',
    },
    columns: Math.min(2, study.space.length),
    panels: study.space.map((dimension) => ({
      kind: 'scatter',
      x: coordinateAxis(dimension),
      y: valueAxis(study),
      curves: groupsOf(trials).map(([name, some]) =>
        cloud(name, some.filter(has(dimension)), at(dimension), ({ value }) => value),
      ),
    })),
  };
}

/** How many dimensions have a map of each pair: more would be too small to read. */
const MAPPED = 3;
const CELLS = 40;

/** The value over each pair of dimensions of numbers, as contours of a weighted mean of the trials near by. */
export function contour(study: Study, trials: readonly Tried[]): Figure {
  const numbers = study.space.filter(({ kind, when }) => kind !== 'categorical' && !when).slice(0, MAPPED);
  const pairs = numbers.flatMap((x, i) => numbers.slice(i + 1).map((y) => [x, y] as const));
  return {
    id: 'contour',
    title: { en: 'Over two dimensions', ko: '두 차원에서 본 시행', ja: '2 次元で見た試行' },
    caption: {
      en: 'Each trial where it looked. Below them the value that trials near by would suggest: the darker the higher.',
      ko: '각 시행이 시험한 자리. 바탕은 가까운 시행들로 어림한 값이며, 짙을수록 높다.',
      ja: '各試行が試した場所。背景は近くの試行から見積もった値で、濃いほど高い。',
    },
    columns: Math.min(2, Math.max(1, pairs.length)),
    panels: pairs.map(([x, y]) => ({
      kind: 'scatter',
      x: coordinateAxis(x),
      y: coordinateAxis(y),
      ground: heightsOver(x, y, trials),
      curves: groupsOf(trials).map(([name, some]) => cloud(name, some, at(x), at(y))),
    })),
  };
}

/** Shepard's interpolation (1968): the mean of all trials, weighted by one over the fourth power of the distance. */
function heightsOver(x: Dimension, y: Dimension, trials: readonly Tried[]): HeightMap {
  const share = (dimension: Dimension, coordinate: number) => {
    const { domain, isLog } = coordinateAxis(dimension);
    const [low, high] = domain as readonly [number, number];
    return high > low ? shareAt([low, high], coordinate, isLog) : 0;
  };
  const points = trials.map((trial) => ({
    x: share(x, at(x)(trial)),
    y: share(y, at(y)(trial)),
    value: trial.value,
  }));
  const heights = Array.from({ length: CELLS * CELLS }, (_, i) => {
    const [px, py] = [(i % CELLS) / (CELLS - 1), Math.floor(i / CELLS) / (CELLS - 1)];
    let [sum, weights] = [0, 0];
    for (const point of points) {
      const [dx, dy] = [point.x - px, point.y - py];
      const square = dx * dx + dy * dy + 1e-4;
      sum += point.value / (square * square);
      weights += 1 / (square * square);
    }
    return weights > 0 ? sum / weights : 0;
  });
  return { columns: CELLS, heights };
}

/** Every trial as a line through what it tried, each dimension from its low end to its high, the value last. */
export function parallel(study: Study, trials: readonly Tried[]): Figure {
  const names = [...study.space.map(nameOf), valueAxis(study).label];
  const line = (trial: Tried) => {
    const heights = study.space.map((dimension) => {
      const coordinate = trial.point[dimension.name];
      const { low, high, place } = axisOf(dimension);
      return coordinate === undefined || high === low ? Number.NaN : (place(coordinate) - low) / (high - low);
    });
    return [{ x: names.map((_, i) => i), y: [...heights, trial.value] }];
  };
  return {
    id: 'parallel',
    isFine: true,
    title: { en: 'Parallel coordinates', ko: '평행 좌표', ja: '平行座標' },
    caption: {
      en: 'Every trial as a line through what it tried, each dimension from its low end at the bottom to its high end at the top; the value stands last. A line breaks where a dimension does not apply.',
      ko: '모든 시행을 시험한 값들을 지나는 선으로 나타냈다. 각 차원은 아래가 낮은 끝, 위가 높은 끝이며, 마지막은 결과 값이다. 해당하지 않는 차원에서는 선이 끊긴다.',
      ja: 'すべての試行を、試した値を通る線で示す。各次元は下が低い端、上が高い端で、最後は結果の値。当てはまらない次元では線が途切れる。',
    },
    columns: 1,
    panels: [
      {
        kind: 'line',
        x: { label: unsaid, names, domain: [-0.4, names.length - 0.6] },
        y: { label: { en: 'Low to high', ko: '낮은 끝에서 높은 끝', ja: '低い端から高い端' }, domain: [0, 1] },
        curves: curvesOf(trials, line),
      },
    ],
  };
}

/** How much each dimension has to do with being among the best. */
export function importance(study: Study, trials: readonly Tried[]): Figure {
  const shares = importancesOf(study.space, trials);
  return {
    id: 'importance',
    title: { en: 'What matters', ko: '중요한 차원', ja: '重要な次元' },
    caption: {
      en: 'The share of each dimension in telling the best tenth of the trials from all of them (PED-ANOVA, Watanabe et al. 2023).',
      ko: '상위 10% 시행을 전체와 구별하는 데 각 차원이 차지하는 몫(PED-ANOVA, Watanabe 외, 2023).',
      ja: '上位 1 割の試行を全体と区別するのに各次元が占める割合（PED-ANOVA、Watanabe ほか、2023）。',
    },
    columns: 1,
    panels: [
      {
        kind: 'bar',
        x: { label: { en: 'Share', ko: '몫', ja: '割合' }, domain: [0, 1] },
        y: {
          label: { en: 'Dimension', ko: '차원', ja: '次元' },
          names: study.space.map(nameOf),
        },
        curves: [{ name: 'importance', x: shares, y: shares.map((_, i) => i), role: 'smooth' }],
      },
    ],
  };
}
