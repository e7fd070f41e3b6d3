// Scales: ranges of axes, positions on them, ticks, and the levels of contours.
import { exact } from '@descent/nn';
import { ticks } from 'd3-array';
import type { Axis, Panel } from './figure.ts';

type Range = readonly [low: number, high: number];

/** Returns the domain of an axis, or the range of the finite data with its bands, from zero if all are positive. */
export function axisRange(panel: Panel, axis: 'x' | 'y'): [low: number, high: number] {
  const { domain }: Axis = panel[axis];
  if (domain) return [...domain];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const isSpread = axis === (panel.kind === 'bar' ? 'x' : 'y');
  for (const { [axis]: values, seeds = [], band = [] } of panel.curves) {
    for (const each of isSpread ? [values, ...seeds, ...band] : [values]) {
      for (const value of each) {
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  if (low > high) return [0, 1];
  if (low > 0) low = 0;
  return low === high ? [low, low + 1] : [low, high];
}

/** Returns the position of a value on an axis, as a fraction of its length. */
export function fractionAt([low, high]: Range, value: number, isLog = false): number {
  if (!isLog) return (value - low) / (high - low);
  const [a, b, at] = [low, high, value].map((each) => exact.log(Math.fround(each))) as [number, number, number];
  return (at - a) / (b - a);
}

/** Returns about `count` round numbers of an axis; on a logarithmic axis 1, 2, 5, 10, 20 and so on, or powers of ten. */
export function axisTicks({ isWhole, isLog }: Axis, [low, high]: Range, count: number): number[] {
  if (!isLog) return ticks(low, high, count).filter((tick) => !isWhole || Number.isInteger(tick));
  const within = (steps: readonly number[]) =>
    Array.from({ length: 31 }, (_, i) => i - 15)
      .flatMap((exponent) => steps.map((step) => Number(`${step}e${exponent}`)))
      .filter((tick) => tick >= low && tick <= high);
  const fine = within([1, 2, 5]);
  return fine.length > 2 * count ? within([1]) : fine;
}

/** Samples along each axis from which the levels of contours are chosen. */
const SAMPLES = 25;

/**
 * Returns nine heights between the lowest and the highest corner: at the squares of 0.1, 0.2, …, which are equally spaced on a bowl, or
 * at their fourth powers if most of the surface is low.
 */
export function contourLevels(value: (x: number, y: number) => number, panel: Panel): number[] {
  const [xs, ys] = [axisRange(panel, 'x'), axisRange(panel, 'y')];
  const top = Math.max(...xs.flatMap((x) => ys.map((y) => value(x, y))));
  const at = ([low, high]: Range, i: number) => low + ((high - low) * i) / (SAMPLES - 1);
  const heights = Array.from({ length: SAMPLES * SAMPLES }, (_, i) =>
    value(at(xs, i % SAMPLES), at(ys, Math.floor(i / SAMPLES))),
  ).sort((a, b) => a - b);
  const ground = Math.min(0, heights[0] as number);
  const isMostlyLow = (heights[heights.length >> 1] as number) - ground < (top - ground) / 16;
  return Array.from({ length: 9 }, (_, i) => {
    const square = ((i + 1) * (i + 1)) / 100;
    return ground + (top - ground) * (isMostlyLow ? square * square : square);
  });
}
