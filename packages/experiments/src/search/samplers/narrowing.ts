// The note's way: look everywhere, keep the best part, go on where that lay, round by round.
import { type Axis, axisOf, type Dimension, type Point, placeAt, pointOf, type Space } from '../space.ts';
import { ranked, type Trial } from '../trial.ts';
import type { Rng, Sampler, Search } from './sampler.ts';

/** Where a round looks along a dimension: between two places of its axis, or at some of its choices. */
interface Range extends Pick<Axis, 'low' | 'high'> {
  /** Of a categorical dimension. */
  readonly choices?: readonly number[];
}

export type Ranges = Readonly<Record<string, Range>>;

/** How far a new range reaches beyond the trials that were kept, in widths of the range before it. */
export const MARGIN = 0.1;

export function narrowing({ space, trials: count }: Search, keep: number, dice: Rng): Sampler {
  // Trials of a round have one history: its range is made once.
  let made: { readonly of: readonly Trial[]; readonly length: number; readonly ranges: Ranges } | undefined;
  const suggest = (index: number, history: readonly Trial[]) => {
    if (made?.of !== history || made.length !== history.length)
      made = { of: history, length: history.length, ranges: rangesOf(space, history, keep).at(-1) as Ranges };
    const { ranges } = made;
    return pointOf(space, (dimension, place) => {
      const [range, u] = [ranges[dimension.name] as Range, dice(index, place)];
      if (range.choices) return range.choices[Math.floor(u * range.choices.length)] as number;
      return axisOf(dimension).coordinate(placeAt(range, u));
    });
  };
  return { count, learns: true, suggest };
}

/**
 * Where each round looks, the next one included. A round keeps the best share of all trials so far that lie where it looked; the next
 * looks where these lie, and a margin beyond, but never beyond the whole. A choice stays while one of twice as many has it. A dimension
 * that fewer than two of them have stays as it is, and so does every one where all are kept: nothing tells them apart.
 */
export function rangesOf(space: Space, history: readonly Trial[], keep: number): Ranges[] {
  const rounds = (history.at(-1)?.round ?? -1) + 1;
  const all: Ranges[] = [Object.fromEntries(space.map((dimension) => [dimension.name, wholeOf(dimension)]))];
  for (let round = 0; round < rounds; round++) {
    const before = all.at(-1) as Ranges;
    const inside = insideOf(space, history, { round, ranges: before });
    const [kept, nearly] = [keptOf(inside, keep), keptOf(inside, 2 * keep)];
    const next = (dimension: Dimension) => {
      const some = dimension.kind === 'categorical' ? nearly : kept;
      const range = before[dimension.name] as Range;
      return some.length === inside.length ? range : narrowed(dimension, some, range);
    };
    all.push(Object.fromEntries(space.map((dimension) => [dimension.name, next(dimension)])));
  }
  return all;
}

/** The trials up to a round that lie where it looked and have a value. One that diverged has none. */
export function insideOf(
  space: Space,
  history: readonly Trial[],
  { round, ranges }: { round: number; ranges: Ranges },
): Trial[] {
  return history.filter(
    (trial) =>
      trial.round <= round &&
      trial.state !== 'diverged' &&
      Number.isFinite(trial.value) &&
      lies(trial.point, space, ranges),
  );
}

/**
 * The best share of some trials. Equals share their fate, so that no order of trials shows in it: where the cut would part them they
 * are all dropped or all kept, whichever comes nearer to the share; dropped only where two better ones remain.
 */
export function keptOf(trials: readonly Trial[], share: number): Trial[] {
  const inOrder = ranked(trials);
  const count = Math.min(trials.length, Math.ceil(share * trials.length));
  const [last, next] = [inOrder[count - 1]?.value, inOrder[count]?.value];
  if (last === undefined || last !== next) return inOrder.slice(0, count);
  const better = inOrder.filter(({ value }) => value > last);
  const all = inOrder.filter(({ value }) => value >= last);
  return better.length >= 2 && count - better.length <= all.length - count ? better : all;
}

function wholeOf(dimension: Dimension): Range {
  const { low, high } = axisOf(dimension);
  return {
    low,
    high,
    ...(dimension.kind === 'categorical' && { choices: dimension.choices.map((_, choice) => choice) }),
  };
}

function lies(point: Point, space: Space, ranges: Ranges): boolean {
  return space.every((dimension) => {
    const coordinate = point[dimension.name];
    if (coordinate === undefined) return true;
    const { low, high, choices } = ranges[dimension.name] as Range;
    if (choices) return choices.includes(coordinate);
    const place = axisOf(dimension).place(coordinate);
    return place >= low && place <= high;
  });
}

function narrowed(dimension: Dimension, kept: readonly Trial[], before: Range): Range {
  const coordinates = kept.flatMap(({ point }) => point[dimension.name] ?? []);
  if (coordinates.length < 2) return before;
  if (before.choices) return { ...before, choices: before.choices.filter((choice) => coordinates.includes(choice)) };
  const axis = axisOf(dimension);
  const places = coordinates.map(axis.place);
  const margin = MARGIN * (before.high - before.low);
  return {
    low: Math.max(axis.low, Math.min(...places) - margin),
    high: Math.min(axis.high, Math.max(...places) + margin),
  };
}
