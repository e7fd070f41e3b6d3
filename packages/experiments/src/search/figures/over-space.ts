// Where in the space the good trials lie: along each dimension, over two of them, and over all at once.

import { fractionAt } from '../../figure/extent.ts';
import type { Figure, HeightMap } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { importancesOf } from '../importance.ts';
import { axisOf, type Dimension } from '../space.ts';
import type { Study } from '../study.ts';
import {
  type CompletedTrial,
  coordinateAxis,
  curvesOf,
  emptyLabel,
  groupsOf,
  nameOf,
  scatterPoints,
  valueAxis,
} from './completed-trials.ts';

const has =
  ({ name }: Dimension) =>
  (trial: CompletedTrial) =>
    name in trial.point;
const at =
  ({ name }: Dimension) =>
  (trial: CompletedTrial) =>
    trial.point[name] as number;

/** The value over each dimension. */
export function slice(study: Study, trials: readonly CompletedTrial[]): Figure {
  return {
    id: 'slice',
    title: message('search.over-space.slice.title'),
    caption: message('search.over-space.slice.caption'),
    columns: Math.min(2, study.space.length),
    panels: study.space.map((dimension) => ({
      kind: 'scatter',
      x: coordinateAxis(dimension),
      y: valueAxis(study),
      curves: groupsOf(trials).map(([name, some]) =>
        scatterPoints(name, some.filter(has(dimension)), at(dimension), ({ value }) => value),
      ),
    })),
  };
}

/** How many dimensions have a map of each pair: more would be too small to read. */
const MAPPED = 3;
const CELLS = 40;

/** The value over each pair of dimensions of numbers, as contours of a weighted mean of the trials near by. */
export function contour(study: Study, trials: readonly CompletedTrial[]): Figure {
  const numbers = study.space.filter(({ kind, when }) => kind !== 'categorical' && !when).slice(0, MAPPED);
  const pairs = numbers.flatMap((x, i) => numbers.slice(i + 1).map((y) => [x, y] as const));
  return {
    id: 'contour',
    title: message('search.over-space.contour.title'),
    caption: message('search.over-space.contour.caption'),
    columns: Math.min(2, Math.max(1, pairs.length)),
    panels: pairs.map(([x, y]) => ({
      kind: 'scatter',
      x: coordinateAxis(x),
      y: coordinateAxis(y),
      ground: heightsOver(x, y, trials),
      curves: groupsOf(trials).map(([name, some]) => scatterPoints(name, some, at(x), at(y))),
    })),
  };
}

/** Shepard's interpolation (1968): the mean of all trials, weighted by one over the fourth power of the distance. */
function heightsOver(x: Dimension, y: Dimension, trials: readonly CompletedTrial[]): HeightMap {
  const share = (dimension: Dimension, coordinate: number) => {
    const { domain, isLog } = coordinateAxis(dimension);
    const [low, high] = domain as readonly [number, number];
    return high > low ? fractionAt([low, high], coordinate, isLog) : 0;
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
export function parallel(study: Study, trials: readonly CompletedTrial[]): Figure {
  const names = [...study.space.map(nameOf), valueAxis(study).label];
  const line = (trial: CompletedTrial) => {
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
    title: message('search.over-space.parallel.title'),
    caption: message('search.over-space.parallel.caption'),
    columns: 1,
    panels: [
      {
        kind: 'line',
        x: { label: emptyLabel, names, domain: [-0.4, names.length - 0.6] },
        y: { label: message('search.over-space.low-to-high'), domain: [0, 1] },
        curves: curvesOf(trials, line),
      },
    ],
  };
}

/** How much each dimension has to do with being among the best. */
export function importance(study: Study, trials: readonly CompletedTrial[]): Figure {
  const shares = importancesOf(study.space, trials);
  return {
    id: 'importance',
    title: message('search.over-space.importance.title'),
    caption: message('search.over-space.importance.caption'),
    columns: 1,
    panels: [
      {
        kind: 'bar',
        x: { label: message('search.over-space.share-axis.label'), domain: [0, 1] },
        y: {
          label: message('search.over-space.dimension-axis.label'),
          names: study.space.map(nameOf),
        },
        curves: [{ name: 'importance', x: shares, y: shares.map((_, i) => i), role: 'smooth' }],
      },
    ],
  };
}
