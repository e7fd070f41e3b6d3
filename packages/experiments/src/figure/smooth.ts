// Smoothing of curves for figures, as the book does it (common/util.py: smooth_curve). Never part of a result.

/** Kaiser window of 11 points with β = 2, I₀(β√(1 − (i/5)²)) ÷ I₀(β) at i = 0 … 5; the other half mirrors it. */
const HALF_WINDOW = [1, 0.97233, 0.892161, 0.767675, 0.611394, 0.438676];

/**
 * The centerd moving average under a Kaiser window of 11 points. Where the window would reach beyond an end it reaches
 * into the curve mirrored there, nearly as in the book (which doubles the last point, but not the first). Fewer than 11 points are returned as they are.
 */
export function smooth(values: readonly number[]): number[] {
  const last = values.length - 1;
  if (last < 10) return [...values];
  return values.map((_, center) => {
    let sum = 0;
    let weights = 0;
    for (let offset = -5; offset <= 5; offset++) {
      const weight = HALF_WINDOW[Math.abs(offset)] as number;
      const index = center + offset;
      sum += weight * (values[index < 0 ? -index : index > last ? 2 * last - index : index] as number);
      weights += weight;
    }
    return sum / weights;
  });
}
