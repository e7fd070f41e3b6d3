// How do four update rules walk down a long valley? The book's section 6.1.7.

import { defineExperiment } from '../../experiment.ts';
import type { Figure, PathPanel } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { dialect } from '../../options/dialect.ts';
import { fourOptimizerOptions, fourOptimizers, optimizerNames } from '../../options/four-optimizers.ts';
import { choice, float, int, names, withDefault } from '../../options/options.ts';
import type { Claim } from '../../record/claims.ts';
import type { RunRecord } from '../../record/record.ts';
import { valuesOf } from '../../record/series.ts';
import { type SurfaceName, surfaces } from '../../training/surface.ts';
import { pathsLesson } from '../shared/optimizer-lessons.ts';
import { detour, sharpTurns } from './path-measures.ts';

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
  title: message('optimizer-compare-naive.title'),
  question: message('optimizer-compare-naive.question'),
  lesson: pathsLesson,
  data: 'none',
  options: {
    preset: choice({
      default: 'bowl',
      choices: ['bowl', 'rosenbrock', 'beale', 'saddle', 'plateau'],
      label: message('optimizer-compare-naive.preset.label'),
      help: message('optimizer-compare-naive.preset.help'),
    }),
    optimizers: names({
      default: optimizerNames,
      choices: optimizerNames,
      label: message('optimizer-compare-naive.optimizers.label'),
      help: message('optimizer-compare-naive.optimizers.help'),
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
        label: message('optimizer-compare-naive.steps.label'),
        help: message('optimizer-compare-naive.steps.help'),
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
    label: message('optimizer-compare-naive.coordinate.label', { axis }),
    help: message('optimizer-compare-naive.coordinate.help', { axis }),
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
    caption: message('optimizer-compare-naive.paths.caption', { formula }),
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
    text: message('optimizer-compare-naive.sgd-zigzags.text'),
    otherwise: message('optimizer-compare-naive.sgd-zigzags.otherwise'),
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
