// The funnel of a narrowing search: the ranges of each round, and the best trial so far.
import type { Figure } from '../../figure/figure.ts';
import { message } from '../../i18n/index.ts';
import { computeRanges } from '../samplers/narrowing.ts';
import { type Dimension, toAxis } from '../space.ts';
import type { Study } from '../study.ts';
import { ranked } from '../trial.ts';
import { type CompletedTrial, coordinateAxis, dimensionName, emptyLabel, roundAxis } from './completed-trials.ts';

/** Draws one panel per numeric dimension; nothing if the search does not narrow. */
export function funnelFigure({ space, sampler }: Study, trials: readonly CompletedTrial[]): Figure[] {
  if (sampler.kind !== 'narrowing') return [];
  const ranges = computeRanges(space, trials, sampler.keep);
  const rounds = (trials.at(-1)?.round ?? -1) + 1;
  const x = Array.from({ length: rounds }, (_, round) => round + 1);
  const panel = (dimension: Dimension) => {
    const { name } = dimension;
    const { toCoordinate } = toAxis(dimension);
    const ends = ranges.slice(0, rounds).map((each) => each[name] as { low: number; high: number });
    const [low, high] = [ends.map((end) => toCoordinate(end.low)), ends.map((end) => toCoordinate(end.high))];
    const best = x.map((round) => {
      const [first] = ranked(trials.filter((trial) => trial.round < round && name in trial.point));
      return first?.point[name] ?? Number.NaN;
    });
    return {
      kind: 'line' as const,
      title: panelTitle(dimension, trials),
      x: { ...roundAxis, domain: [1, Math.max(2, rounds)] as const },
      // The title names the dimension.
      y: { ...coordinateAxis(dimension), label: emptyLabel },
      curves: [
        { name: 'range', of: 'range, lower end', x, y: low, band: [low, high] as const, role: 'smooth' as const },
        { name: 'range', of: 'range, upper end', x, y: high, role: 'smooth' as const },
        { name: 'best so far', x, y: best, role: 'smooth' as const },
      ],
    };
  };
  return [
    {
      id: 'funnel',
      title: message('search.funnel.funnel.title'),
      caption: message('search.funnel.funnel.caption'),
      columns: 2,
      panels: space.filter(({ kind }) => kind !== 'categorical').map(panel),
    },
  ];
}

function panelTitle(dimension: Dimension, trials: readonly CompletedTrial[]) {
  const end = touchedEdge(dimension, trials);
  const name = dimensionName(dimension);
  if (!end) return name;
  return message(end === 'high' ? 'search.funnel.best-at-upper-end' : 'search.funnel.best-at-lower-end', { name });
}

/** Distance from an end of the range up to which the best trial counts as being at that end. */
const EDGE_FRACTION = 0.05;

/** Returns the end of the first range that the best trial is at: better values may be outside. */
export function touchedEdge(dimension: Dimension, trials: readonly CompletedTrial[]): 'low' | 'high' | undefined {
  const coordinate = ranked(trials)[0]?.point[dimension.name];
  if (coordinate === undefined || dimension.kind === 'categorical') return undefined;
  const { low, high, toPosition } = toAxis(dimension);
  if (high - toPosition(coordinate) <= EDGE_FRACTION * (high - low)) return 'high';
  return toPosition(coordinate) - low <= EDGE_FRACTION * (high - low) ? 'low' : undefined;
}
