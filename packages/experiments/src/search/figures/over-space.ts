// Trials over the space: slices along each dimension, contours over pairs, parallel coordinates, and importances.
import type { Figure, HeightMap } from '../../figure/figure.ts';
import { fractionAt } from '../../figure/scale.ts';
import { message } from '../../i18n/index.ts';
import { computeImportances } from '../importance.ts';
import { type Dimension, toAxis } from '../space.ts';
import type { Study } from '../study.ts';
import {
  type CompletedTrial,
  coordinateAxis,
  dimensionName,
  emptyLabel,
  trialCurves,
  trialPoints,
  valueAxis,
} from './completed-trials.ts';

type Trials = readonly CompletedTrial[];

const getCoordinate =
  ({ name }: Dimension) =>
  ({ point }: CompletedTrial) =>
    point[name] as number;

/** Draws the value over each dimension. */
export function sliceFigure(study: Study, trials: Trials): Figure {
  return {
    id: 'slice',
    title: message('search.over-space.slice.title'),
    caption: message('search.over-space.slice.caption'),
    columns: Math.min(2, study.space.length),
    panels: study.space.map((dimension) => ({
      kind: 'scatter',
      x: coordinateAxis(dimension),
      y: valueAxis(study),
      curves: trialPoints(trials, getCoordinate(dimension), ({ value }) => value),
    })),
  };
}

/** Dimensions whose pairs are drawn. With more, the panels would be too small. */
const MAX_CONTOUR_DIMENSIONS = 3;
const CONTOUR_CELLS = 40;

/** Draws the value over each pair of numeric dimensions, estimated from the trials nearby. */
export function contourFigure(study: Study, trials: Trials): Figure {
  const dimensions = study.space.filter(({ kind, when }) => kind !== 'categorical' && !when);
  const drawn = dimensions.slice(0, MAX_CONTOUR_DIMENSIONS);
  const pairs = drawn.flatMap((x, i) => drawn.slice(i + 1).map((y) => [x, y] as const));
  return {
    id: 'contour',
    title: message('search.over-space.contour.title'),
    caption: message('search.over-space.contour.caption'),
    columns: Math.min(2, Math.max(1, pairs.length)),
    panels: pairs.map(([x, y]) => ({
      kind: 'scatter',
      x: coordinateAxis(x),
      y: coordinateAxis(y),
      ground: interpolateValues(x, y, trials),
      curves: trialPoints(trials, getCoordinate(x), getCoordinate(y)),
    })),
  };
}

/** Computes Shepard's interpolation (1968): the mean of all trials, weighted by the inverse fourth power of the distance. */
function interpolateValues(x: Dimension, y: Dimension, trials: Trials): HeightMap {
  const fraction = (dimension: Dimension, trial: CompletedTrial) => {
    const { domain, isLog } = coordinateAxis(dimension);
    const [low, high] = domain as readonly [number, number];
    return high > low ? fractionAt([low, high], getCoordinate(dimension)(trial), isLog) : 0;
  };
  const points = trials.map((trial) => ({ x: fraction(x, trial), y: fraction(y, trial), value: trial.value }));
  const heights = Array.from({ length: CONTOUR_CELLS * CONTOUR_CELLS }, (_, i) => {
    const px = (i % CONTOUR_CELLS) / (CONTOUR_CELLS - 1);
    const py = Math.floor(i / CONTOUR_CELLS) / (CONTOUR_CELLS - 1);
    let [sum, weights] = [0, 0];
    for (const point of points) {
      const [dx, dy] = [point.x - px, point.y - py];
      const square = dx * dx + dy * dy + 1e-4;
      sum += point.value / (square * square);
      weights += 1 / (square * square);
    }
    return weights > 0 ? sum / weights : 0;
  });
  return { columns: CONTOUR_CELLS, heights };
}

/** Draws each trial as a line through its parameters, scaled to the range of each dimension, and its value. */
export function parallelFigure(study: Study, trials: Trials): Figure {
  const names = [...study.space.map(dimensionName), valueAxis(study).label];
  const toPoints = (trial: CompletedTrial) => {
    const heights = study.space.map((dimension) => {
      const coordinate = trial.point[dimension.name];
      const { low, high, toPosition } = toAxis(dimension);
      return coordinate === undefined || high === low ? Number.NaN : (toPosition(coordinate) - low) / (high - low);
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
        curves: trialCurves(trials, toPoints),
      },
    ],
  };
}

/** Draws the importance of each dimension. */
export function importanceFigure(study: Study, trials: Trials): Figure {
  const shares = computeImportances(study.space, trials);
  return {
    id: 'importance',
    title: message('search.over-space.importance.title'),
    caption: message('search.over-space.importance.caption'),
    columns: 1,
    panels: [
      {
        kind: 'bar',
        x: { label: message('search.over-space.share-axis.label'), domain: [0, 1] },
        y: { label: message('search.over-space.dimension-axis.label'), names: study.space.map(dimensionName) },
        curves: [{ name: 'importance', x: shares, y: shares.map((_, i) => i), role: 'smooth' }],
      },
    ],
  };
}
