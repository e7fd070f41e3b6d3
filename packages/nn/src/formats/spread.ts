// Numbers counted in bins: all that a histogram needs of a hundred thousand weights.

const BINS = 30;

/** Finite numbers, counted in equal bins from the least to the greatest. */
export interface Spread {
  /** 0 where there are none. */
  readonly least: number;
  /** 0 where there are none. */
  readonly greatest: number;
  /** In float64, from the first to the last. */
  readonly sum: number;
  /** Their squares, likewise. */
  readonly squares: number;
  /** A number a bin; a value on a border belongs to the bin above it, the greatest to the last. */
  readonly counts: readonly number[];
}

/** Counts values in 30 bins, which are one wide where all values are equal, or none is finite. */
export function spreadOf(values: Float32Array): Spread {
  let [least, greatest, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    sum += value;
    squares += value * value;
  }
  if (least > greatest) [least, greatest] = [0, 0];
  const counts = new Array<number>(BINS).fill(0);
  const width = binWidth({ least, greatest, counts });
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(BINS - 1, Math.floor((value - least) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { least, greatest, sum, squares, counts };
}

export function binWidth({ least, greatest, counts }: Pick<Spread, 'least' | 'greatest' | 'counts'>): number {
  return (greatest - least) / counts.length || 1;
}
