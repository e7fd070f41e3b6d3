// The paths of four optimizers on a function of two variables. Section 6.1.7 of the book.
import { defineExperiment, type Heading } from '../../experiment.ts';
import { seriesCurve, stepAxis } from '../../figure/curves.ts';
import type { Curve, Figure, PathPanel } from '../../figure/figure.ts';
import { claimTexts, message, optionTexts } from '../../i18n/index.ts';
import { dialect } from '../../options/dialect.ts';
import { fourOptimizerOptions, fourOptimizers, includesRule, optimizerNames } from '../../options/four-optimizers.ts';
import { choice, float, int, names, withDefault, withMain } from '../../options/options.ts';
import { namedChoices } from '../../record/predict.ts';
import type { RunRecord } from '../../record/record.ts';
import { valuesOf } from '../../record/series.ts';
import { toText } from '../../text.ts';
import { type SurfaceName, surfaces } from '../../training/surface.ts';
import { optimizerRules } from '../shared/theory.ts';

const rates = fourOptimizerOptions({ SGD: 0.95, Momentum: 0.1, AdaGrad: 1.5, Adam: 0.3 });

/** The book's learning rates for the bowl. On the other surfaces each path stays in view with these. */
const ratesBySurface = {
  ...rates,
  sgdLr: withDefault(rates.sgdLr, 0.95, { rosenbrock: 0.001, beale: 0.02, saddle: 0.1, plateau: 1 }),
  momentumLr: withDefault(rates.momentumLr, 0.1, { rosenbrock: 0.0005, beale: 0.01, saddle: 0.03, plateau: 1 }),
  adagradLr: withDefault(rates.adagradLr, 1.5, { rosenbrock: 0.3, beale: 0.5, saddle: 0.5, plateau: 0.5 }),
  adamLr: withDefault(rates.adamLr, 0.3, { rosenbrock: 0.1, beale: 0.1, saddle: 0.1, plateau: 0.3 }),
};
const steps = int({ default: 30, min: 1, max: 10_000, scale: 'log', ...optionTexts('optimizer-compare-naive.steps') });

export const optimizerCompareNaive = defineExperiment({
  name: 'optimizer_compare_naive',
  section: '6.1.7',
  title: message('optimizer-compare-naive.title'),
  question: message('optimizer-compare-naive.question'),
  heading,
  lesson: { watch: message('optimizer-compare-naive.lesson.watch'), theory: optimizerRules },
  data: 'none',
  isSeeded: false,
  options: withMain(
    {
      preset: choice({
        default: 'bowl',
        choices: ['bowl', 'rosenbrock', 'beale', 'saddle', 'plateau'],
        ...optionTexts('optimizer-compare-naive.preset'),
      }),
      optimizers: names({
        default: optimizerNames,
        choices: optimizerNames,
        ...optionTexts('optimizer-compare-naive.optimizers'),
      }),
      dialect: { ...dialect, when: ({ optimizers }) => includesRule(optimizers, 'Adam') },
      ...ratesBySurface,
      startX: withDefault(coordinate('x'), -7, { rosenbrock: -1.2, beale: 1, saddle: -1.5, plateau: -3 }),
      startY: withDefault(coordinate('y'), 2, { rosenbrock: 1, beale: 1, saddle: 0.01, plateau: 2 }),
      steps: withDefault(steps, 30, { rosenbrock: 200, beale: 100, saddle: 60, plateau: 60 }),
    },
    ['preset', 'optimizers', 'sgdLr', 'momentumLr', 'adagradLr', 'adamLr'],
  ),
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
  figures: (record) => [pathFigure(record)],
  race: raceFigure,
  predict: {
    question: message('optimizer-compare-naive.predict.question'),
    choices: namedChoices(optimizerNames),
    measure: message('optimizer-compare-naive.predict.measure'),
    best: 'lowest',
    values: (record) =>
      Object.fromEntries(record.arms.map(({ name }) => [name, Math.min(...valuesOf(record, name, 'loss'))])),
  },
  claims: [
    {
      ...claimTexts('optimizer-compare-naive.sgd-zigzags'),
      // Older records have no option `optimizers`; their runs compare all four.
      appliesTo: ({ preset, optimizers = optimizerNames }) =>
        preset === 'bowl' && (optimizers as readonly string[]).length === optimizerNames.length,
      test(record) {
        const evidence: Record<string, number> = {};
        for (const name of optimizerNames) {
          const [x, y] = [valuesOf(record, name, 'x'), valuesOf(record, name, 'y')];
          evidence[`sharpTurns${name}`] = countSharpTurns(x, y);
          evidence[`detour${name}`] = detour(x, y);
        }
        const differences = (measure: string) =>
          optimizerNames.slice(1).map((name) => Number(evidence[`${measure}SGD`]) - Number(evidence[measure + name]));
        return {
          effects: {
            turnsSpared: Math.min(...differences('sharpTurns')),
            detourSpared: Math.min(...differences('detour')),
          },
          evidence,
          marks: [{ figure: 'paths', panel: 'SGD' }],
        };
      },
    },
  ],
});

/** Returns title and question of the chosen surface. */
function heading({ preset }: Readonly<Record<string, unknown>>): Heading {
  if (preset === undefined || preset === 'bowl') return optimizerCompareNaive;
  const surface = preset as Exclude<SurfaceName, 'bowl'>;
  const { formula } = surfaces[surface];
  return {
    title: message(`optimizer-compare-naive.${surface}.title`),
    question: message(`optimizer-compare-naive.${surface}.question`, { formula }),
  };
}

function coordinate(axis: 'x' | 'y') {
  const texts = optionTexts('optimizer-compare-naive.coordinate', { axis });
  return float({ default: 0, min: -100, max: 100, slider: [-10, 10], ...texts });
}

/** Returns the paths, and the axes of a map of all of them. */
function mapOf(record: RunRecord) {
  const paths = record.arms.map(
    ({ name }): Curve => ({
      name,
      x: valuesOf(record, name, 'x'),
      y: valuesOf(record, name, 'y'),
      role: 'smooth',
    }),
  );
  const surface = (record.options.preset ?? 'bowl') as SurfaceName;
  const [lowestX, lowestY] = surfaces[surface].minimum;
  const axis = (name: 'x' | 'y', lowest: number) => ({
    label: toText(() => name),
    domain: axisDomain(
      paths.flatMap((path) => path[name]),
      lowest,
    ),
  });
  return { paths, surface, x: axis('x', lowestX), y: axis('y', lowestY) };
}

/** Draws all paths on one map, and beside it their height over the steps. */
function raceFigure(record: RunRecord): Figure {
  const { paths, surface, x, y } = mapOf(record);
  const label = message('optimizer-compare-naive.race.height');
  return {
    id: 'race',
    title: message('optimizer-compare-naive.race.title'),
    caption: message('optimizer-compare-naive.race.caption'),
    columns: 2,
    panels: [
      { kind: 'path', x, y, surface, curves: paths },
      {
        kind: 'line',
        x: stepAxis(record),
        y: { label, canBeLog: true },
        curves: record.arms.flatMap((arm) => seriesCurve(arm, 'loss')),
      },
    ],
  };
}

/** Draws one map per path. */
function pathFigure(record: RunRecord): Figure {
  const { paths, surface, x, y } = mapOf(record);
  const { formula } = surfaces[surface];
  return {
    id: 'paths',
    title: heading(record.options).title,
    caption: message('optimizer-compare-naive.paths.caption', { formula }),
    columns: Math.min(2, paths.length),
    panels: paths.map((path): PathPanel => {
      return { kind: 'path', title: toText(() => path.name), x, y, surface, curves: [path] };
    }),
  };
}

/** Returns the domain of an axis: all visited values and the minimum with a margin, but only the first part of a path that diverges. */
function axisDomain(values: readonly number[], minimum: number): [number, number] {
  const finite = values.filter(Number.isFinite);
  const limit = 2 * Math.max(1, Math.abs(finite[0] ?? 1), Math.abs(minimum));
  const visible = finite.filter((value) => Math.abs(value) <= limit);
  const low = visible.reduce((a, b) => Math.min(a, b), minimum);
  const high = visible.reduce((a, b) => Math.max(a, b), minimum);
  const margin = 0.08 * (high - low) || 1;
  return [low - margin, high + margin];
}

// Measures of a path, with square roots and + − × ÷ only, so that every engine computes the same bits.

/** Counts the steps that turn by more than 90° from the step before. */
export function countSharpTurns(x: readonly number[], y: readonly number[]): number {
  let turns = 0;
  for (let i = 2; i < x.length; i++) {
    const [dx, dy] = stepVector(x, y, i);
    const [previousX, previousY] = stepVector(x, y, i - 1);
    if (dx * previousX + dy * previousY < 0) turns++;
  }
  return turns;
}

/** Returns the length of a path ÷ the distance between its ends: 1 for a straight path, NaN for an empty one. */
export function detour(x: readonly number[], y: readonly number[]): number {
  let length = 0;
  for (let i = 1; i < x.length; i++) length += norm(stepVector(x, y, i));
  const last = x.length - 1;
  return length / norm([(x[last] as number) - (x[0] as number), (y[last] as number) - (y[0] as number)]);
}

function stepVector(x: readonly number[], y: readonly number[], i: number): [number, number] {
  return [(x[i] as number) - (x[i - 1] as number), (y[i] as number) - (y[i - 1] as number)];
}

function norm([dx, dy]: readonly [number, number]): number {
  return Math.sqrt(dx * dx + dy * dy);
}
