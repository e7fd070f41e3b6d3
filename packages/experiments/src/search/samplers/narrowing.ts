// Narrowing, the method of the study note: sample everywhere, keep the best trials, and sample in their range in the next round.
import { type Axis, createPoint, type Dimension, interpolate, type Point, type Space, toAxis } from '../space.ts';
import { ranked, type Trial } from '../trial.ts';
import type { Rng, Sampler, SearchSpec } from './sampler.ts';

/** The part of a dimension that a round samples: a range of its axis, or some of its choices. */
interface Range extends Pick<Axis, 'low' | 'high'> {
  /** Indices, for a categorical dimension. */
  readonly choices?: readonly number[];
}

export type Ranges = Readonly<Record<string, Range>>;

/** Margin of a new range around the kept trials, as a fraction of the range before. */
export const MARGIN = 0.1;

export function narrowingSampler({ space, trials: count }: SearchSpec, keep: number, rng: Rng): Sampler {
  // The trials of a round have the same history, so its ranges are computed once.
  let cached: { readonly history: readonly Trial[]; readonly length: number; readonly ranges: Ranges } | undefined;
  const sample = (trial: number, history: readonly Trial[]) => {
    if (cached?.history !== history || cached.length !== history.length) {
      const ranges = computeRanges(space, history, keep).at(-1) as Ranges;
      cached = { history, length: history.length, ranges };
    }
    const { ranges } = cached;
    return createPoint(space, (dimension, index) => {
      const [range, uniform] = [ranges[dimension.name] as Range, rng(trial, index)];
      if (range.choices) return range.choices[Math.floor(uniform * range.choices.length)] as number;
      return toAxis(dimension).toCoordinate(interpolate(range, uniform));
    });
  };
  return { count, learns: true, sample };
}

/**
 * Returns the ranges of each round, the next one included. A round keeps the best fraction of all trials so far in its ranges. The next
 * ranges contain these and a margin, within the whole space. A choice stays if it occurs among twice as many trials. A dimension with
 * fewer than two kept trials stays as it is, and so do all dimensions if all trials are kept.
 */
export function computeRanges(space: Space, history: readonly Trial[], keep: number): Ranges[] {
  const rounds = (history.at(-1)?.round ?? -1) + 1;
  const all: Ranges[] = [Object.fromEntries(space.map((dimension) => [dimension.name, wholeRange(dimension)]))];
  for (let round = 0; round < rounds; round++) {
    const ranges = all.at(-1) as Ranges;
    const inside = trialsInRanges(space, history, { round, ranges });
    const [best, bestForChoices] = [bestFraction(inside, keep), bestFraction(inside, 2 * keep)];
    const next = (dimension: Dimension) => {
      const kept = dimension.kind === 'categorical' ? bestForChoices : best;
      const range = ranges[dimension.name] as Range;
      return kept.length === inside.length ? range : narrowRange(dimension, kept, range);
    };
    all.push(Object.fromEntries(space.map((dimension) => [dimension.name, next(dimension)])));
  }
  return all;
}

/** Returns the trials up to a round that are in its ranges and have a value. Diverged trials have none. */
export function trialsInRanges(
  space: Space,
  history: readonly Trial[],
  { round, ranges }: { round: number; ranges: Ranges },
): Trial[] {
  return history.filter(
    (trial) =>
      trial.round <= round &&
      trial.state !== 'diverged' &&
      Number.isFinite(trial.value) &&
      isInside(trial.point, space, ranges),
  );
}

/**
 * Returns the best fraction of some trials, independent of their order: trials that tie at the cut are all kept or all dropped, whichever
 * is nearer to the fraction. They are dropped only if at least two better trials remain.
 */
export function bestFraction(trials: readonly Trial[], fraction: number): Trial[] {
  const sorted = ranked(trials);
  const count = Math.min(trials.length, Math.ceil(fraction * trials.length));
  const [last, next] = [sorted[count - 1]?.value, sorted[count]?.value];
  if (last === undefined || last !== next) return sorted.slice(0, count);
  const better = sorted.filter(({ value }) => value > last);
  const withTies = sorted.filter(({ value }) => value >= last);
  return better.length >= 2 && count - better.length <= withTies.length - count ? better : withTies;
}

function wholeRange(dimension: Dimension): Range {
  const { low, high } = toAxis(dimension);
  if (dimension.kind !== 'categorical') return { low, high };
  return { low, high, choices: dimension.choices.map((_, choice) => choice) };
}

function isInside(point: Point, space: Space, ranges: Ranges): boolean {
  return space.every((dimension) => {
    const coordinate = point[dimension.name];
    if (coordinate === undefined) return true;
    const { low, high, choices } = ranges[dimension.name] as Range;
    if (choices) return choices.includes(coordinate);
    const position = toAxis(dimension).toPosition(coordinate);
    return position >= low && position <= high;
  });
}

function narrowRange(dimension: Dimension, kept: readonly Trial[], range: Range): Range {
  const coordinates = kept.flatMap(({ point }) => point[dimension.name] ?? []);
  if (coordinates.length < 2) return range;
  if (range.choices) return { ...range, choices: range.choices.filter((choice) => coordinates.includes(choice)) };
  const axis = toAxis(dimension);
  const positions = coordinates.map(axis.toPosition);
  const margin = MARGIN * (range.high - range.low);
  return {
    low: Math.max(axis.low, Math.min(...positions) - margin),
    high: Math.min(axis.high, Math.max(...positions) + margin),
  };
}
