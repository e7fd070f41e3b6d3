// A cosine of our own: engines' differ in the last bits, and a learning rate is on the way to every weight.

/** 1 / 2!, 1 / 4! … 1 / 16!, with the signs of the series. */
const EVEN = reciprocals(2, 8);
/** 1 / 3!, 1 / 5! … 1 / 17!, likewise. */
const ODD = reciprocals(3, 8);

/**
 * cos(π · t / half) for whole numbers t ≥ 0 and half ≥ 1, in float64 from + − × ÷ alone: the same in every engine. Exact at
 * multiples of a quarter turn; elsewhere within 2⁻⁵² of the true value.
 */
export function cosineOfFraction(t: number, half: number): number {
  const result = new Float64Array(1);
  writeCosineOfTurn(t, half, result, 0);
  return result[0] as number;
}

/**
 * Writes the same into `out[index]`. A function that returns a float allocates 16 bytes for it unless V8 inlines the call; an array
 * does not depend on that.
 */
export function writeCosineOfTurn(t: number, half: number, out: Float64Array, index: number): void {
  // cos(2π − x) = cos x, cos(π − x) = −cos x: what is compared and subtracted are whole numbers, so nothing is rounded yet.
  const within = t % (2 * half);
  const folded = within > half ? 2 * half - within : within;
  const isBeyond = 2 * folded > half;
  const near = isBeyond ? half - folded : folded;
  // Up to an eighth of a turn the series of the cosine, beyond it that of the sine of what is left to a quarter.
  const isCosine = 4 * near <= half;
  const x = isCosine ? (Math.PI * near) / half : (Math.PI * (half - 2 * near)) / (2 * half);
  const coefficients = isCosine ? EVEN : ODD;
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = x * x * ((coefficients[i] as number) + sum);
  const value = isCosine ? 1 + sum : x + x * sum;
  out[index] = isBeyond ? -value : value;
}

/** ∓1 / first!, ±1 / (first + 2)!, … Every factorial here is a float64. */
function reciprocals(first: number, count: number): number[] {
  const values: number[] = [];
  let factorial = first === 2 ? 2 : 6;
  for (let index = 0; index < count; index++) {
    values.push((index % 2 === 0 ? -1 : 1) / factorial);
    const last = first + 2 * index;
    factorial *= (last + 1) * (last + 2);
  }
  return values;
}
