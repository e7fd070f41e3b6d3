// What an axis shows.
import { exact } from '@descent/nn';
import { ticks } from 'd3-array';
import type { Axis, Panel } from './figure.ts';

/** The range of an axis of a panel: its own, or what the finite data span, from zero where all are positive. */
export function rangeOf(panel: Panel, axis: 'x' | 'y'): [low: number, high: number] {
  const { domain }: Axis = panel[axis];
  if (domain) return [...domain];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const curve of panel.curves) {
    for (const value of curve[axis]) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, 1];
  if (low > 0) low = 0;
  return low === high ? [low, low + 1] : [low, high];
}

/** How far a value lies from the low end of an axis to the high one. */
export function fractionAt([low, high]: readonly [low: number, high: number], value: number, isLog = false): number {
  if (!isLog) return (value - low) / (high - low);
  const [a, b, at] = [low, high, value].map((each) => exact.log(Math.fround(each))) as [number, number, number];
  return (at - a) / (b - a);
}

/** About so many round numbers of an axis; where it is logarithmic 1, 2, 5, 10, 20 and so on, however many. */
export function ticksOf({ isWhole, isLog }: Axis, [low, high]: readonly [number, number], count: number): number[] {
  if (!isLog) return ticks(low, high, count).filter((tick) => !isWhole || Number.isInteger(tick));
  return [1, 10, 100, 1e3, 1e4, 1e5]
    .flatMap((ten) => [ten, 2 * ten, 5 * ten])
    .filter((tick) => tick >= low && tick <= high);
}

/** Points along each axis at which a map's heights are taken to find its levels. */
const PROBES = 25;

/**
 * Heights of contours: from the ground up to the highest corner by the squares of 1, 2, … tenths, which on a bowl lie evenly
 * spaced; by their fourth powers where most of the map lies so low that squares would leave it empty.
 */
export function contourLevels(value: (x: number, y: number) => number, panel: Panel): number[] {
  const [xs, ys] = [rangeOf(panel, 'x'), rangeOf(panel, 'y')];
  const top = Math.max(...xs.flatMap((x) => ys.map((y) => value(x, y))));
  const at = ([low, high]: readonly number[], i: number) =>
    (low as number) + (((high as number) - (low as number)) * i) / (PROBES - 1);
  const heights = Array.from({ length: PROBES * PROBES }, (_, i) =>
    value(at(xs, i % PROBES), at(ys, Math.floor(i / PROBES))),
  ).sort((a, b) => a - b);
  const ground = Math.min(0, heights[0] as number);
  const isLow = (heights[heights.length >> 1] as number) - ground < (top - ground) / 16;
  return Array.from({ length: 9 }, (_, i) => {
    const square = ((i + 1) * (i + 1)) / 100;
    return ground + (top - ground) * (isLow ? square * square : square);
  });
}
