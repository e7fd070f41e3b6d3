// The note's way: look everywhere, keep the best part, go on where that lay, round by round.
import { type Axis, axisOf, type Dimension, type Point, placeAt, pointOf, type Space } from '../space.ts';
import { ranked, type Trial } from '../trial.ts';
import type { Dice, Sampler, Search } from './sampler.ts';

/** Where a round looks along a dimension: between two places of its axis, or at some of its choices. */
interface Range extends Pick<Axis, 'low' | 'high'> {
  /** Of a categorical dimension. */
  readonly choices?: readonly number[];
}

export type Ranges = Readonly<Record<string, Range>>;

/** How far a new range reaches beyond the trials that were kept, in widths of the range before it. */
export const MARGIN = 0.1;

export function narrowing({ space, trials: count }: Search, keep: number, dice: Dice): Sampler {
  const suggest = (index: number, history: readonly Trial[]) => {
    const ranges = rangesOf(space, history, keep).at(-1) as Ranges;
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
 * that fewer than two of them have stays as it is.
 */
export function rangesOf(space: Space, history: readonly Trial[], keep: number): Ranges[] {
  const all: [Ranges, ...Ranges[]] = [
    Object.fromEntries(space.map((dimension) => [dimension.name, wholeOf(dimension)])),
  ];
  const rounds = (history.at(-1)?.round ?? -1) + 1;
  for (let round = 0; round < rounds; round++) {
    const before = all.at(-1) as Ranges;
    const inside = history.filter(
      (trial) => trial.round <= round && Number.isFinite(trial.value) && lies(trial.point, space, before),
    );
    const [kept, nearly] = [1, 2].map((times) => ranked(inside).slice(0, Math.ceil(times * keep * inside.length))) as [
      Trial[],
      Trial[],
    ];
    all.push(
      Object.fromEntries(
        space.map((dimension) => [
          dimension.name,
          narrowed(dimension, dimension.kind === 'categorical' ? nearly : kept, before[dimension.name] as Range),
        ]),
      ),
    );
  }
  return all;
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
