// Downsampling: long curves drawn with few points and the same look.
import { mean } from '../record/series.ts';

export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Keeps the lowest and the highest point of each of `bins` equal parts of a curve, in their order. With narrow parts the
 * picture is that of all points. Returns a curve of fewer points, or one with a gap (NaN), as it is.
 */
export function envelope(curve: Points, bins: number): Points {
  if (curve.y.length <= 2 * bins || curve.y.some(Number.isNaN)) return curve;
  const kept = partsOf(curve.y.length, bins).flatMap(([start, end]) => extremes(curve.y, start, end));
  return { x: kept.map((i) => curve.x[i] as number), y: kept.map((i) => curve.y[i] as number) };
}

/** Splits the indices below `length` into `bins` equal parts. */
function partsOf(length: number, bins: number): [start: number, end: number][] {
  const startOf = (bin: number) => Math.floor((bin * length) / bins);
  return Array.from({ length: bins }, (_, bin) => [startOf(bin), startOf(bin + 1)]);
}

function extremes(y: readonly number[], start: number, end: number): number[] {
  let [low, high] = [start, start];
  for (let i = start; i < end; i++) {
    if ((y[i] as number) < (y[low] as number)) low = i;
    if ((y[i] as number) > (y[high] as number)) high = i;
  }
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}

/** Keeps the outermost edges of each of `bins` equal parts of a band, at the first x of the part. */
export function bandEnvelope(
  x: readonly number[],
  [low, high]: Band,
  bins: number,
): { x: readonly number[]; band: Band } {
  if (x.length <= 2 * bins) return { x, band: [low, high] };
  const parts = partsOf(x.length, bins);
  const outermost = (pick: (...values: number[]) => number, values: readonly number[]) =>
    parts.map(([start, end]) => pick(...values.slice(start, end)));
  return {
    x: parts.map(([start], i) => x[i === bins - 1 ? x.length - 1 : start] as number),
    band: [outermost(Math.min, low), outermost(Math.max, high)],
  };
}

type Band = readonly [low: readonly number[], high: readonly number[]];

/** Averages each of `bins` equal parts of a curve, placed in its middle. Returns a curve of fewer points as it is. */
export function averages(curve: Points, bins: number): Points {
  const { length } = curve.y;
  if (length <= bins) return curve;
  const of = (values: readonly number[]) => partsOf(length, bins).map(([start, end]) => mean(values.slice(start, end)));
  return { x: of(curve.x), y: of(curve.y) };
}

/** Returns the lowest and the highest of several curves, point by point. Curves that end earlier are left out there. */
export function extremesOf(curves: readonly (readonly number[])[]): [low: number[], high: number[]] {
  const length = Math.max(0, ...curves.map((curve) => curve.length));
  const at = (i: number) => curves.flatMap((curve) => curve[i] ?? []);
  const indices = Array.from({ length }, (_, i) => i);
  return [indices.map((i) => Math.min(...at(i))), indices.map((i) => Math.max(...at(i)))];
}
