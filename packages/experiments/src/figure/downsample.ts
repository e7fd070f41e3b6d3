// Long curves, drawn with few points and the same look.
import { mean } from '../record/series.ts';

export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * The lowest and the highest point of each of `bins` stretches of a curve, in their order: at one stretch a pixel column
 * the picture is that of all points. A curve of fewer points, or one with a gap (NaN), is returned as it is.
 */
export function envelope(curve: Points, bins: number): Points {
  const { length } = curve.y;
  if (length <= 2 * bins || curve.y.some(Number.isNaN)) return curve;
  const kept = Array.from({ length: bins }, (_, bin) => {
    const [start, end] = [Math.floor((bin * length) / bins), Math.floor(((bin + 1) * length) / bins)];
    return extremes(curve.y, start, end);
  }).flat();
  return { x: kept.map((i) => curve.x[i] as number), y: kept.map((i) => curve.y[i] as number) };
}

function extremes(y: readonly number[], start: number, end: number): number[] {
  let [low, high] = [start, start];
  for (let i = start; i < end; i++) {
    if ((y[i] as number) < (y[low] as number)) low = i;
    if ((y[i] as number) > (y[high] as number)) high = i;
  }
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

/** The mean of each of `bins` stretches of a curve, at the middle of it. A curve of fewer points is returned as it is. */
export function averages(curve: Points, bins: number): Points {
  const { length } = curve.y;
  if (length <= bins) return curve;
  const of = (values: readonly number[]) =>
    Array.from({ length: bins }, (_, bin) => {
      return mean(values.slice(Math.floor((bin * length) / bins), Math.floor(((bin + 1) * length) / bins)));
    });
  return { x: of(curve.x), y: of(curve.y) };
}

/** Point by point the lowest and the highest of several curves; those that have ended there do not count. */
export function extremesOf(curves: readonly (readonly number[])[]): [low: number[], high: number[]] {
  const length = Math.max(0, ...curves.map((curve) => curve.length));
  const at = (i: number) => curves.flatMap((curve) => curve[i] ?? []);
  const indices = Array.from({ length }, (_, i) => i);
  return [indices.map((i) => Math.min(...at(i))), indices.map((i) => Math.max(...at(i)))];
}
