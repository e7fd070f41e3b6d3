// The normal distribution by + − × ÷ only, so that every engine computes the same bits.
import { exact } from '@descent/nn';

const { fround, sqrt } = Math;
const ROOT_HALF = sqrt(0.5);
const ROOT_TAU = sqrt(2 * Math.PI);

/** 1, ½, ¼, … */
const HALVES = new Float64Array(200).fill(1);
for (let n = 1; n < HALVES.length; n++) HALVES[n] = (HALVES[n - 1] as number) / 2;
// ln 2 as a sum. The last bits of the first part are zeros, so its product with a small whole number is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** Computes eˣ for x ≤ 0 in float64, with a relative error of 10⁻¹⁰; 0 below −137. The estimator calls it 10,000 times per trial. */
export function expBelow(x: number): number {
  if (x < -137) return 0;
  const n = (0.5 - x * Math.LOG2E) | 0;
  const r = x + n * LN2_HIGH + n * LN2_LOW;
  // Taylor series up to the ninth power: |r| is at most ½ ln 2.
  let p = 1 / 362_880;
  p = p * r + 1 / 40_320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 1 / 2;
  return ((p * r + 1) * r + 1) * (HALVES[n] as number);
}

/** Computes the density φ(z). */
export function density(z: number): number {
  return expBelow(-0.5 * z * z) / ROOT_TAU;
}

/** Computes the distribution function Φ(z) with an error of 2·10⁻⁷ (Abramowitz and Stegun, 7.1.26). */
export function cdf(z: number): number {
  const x = Math.abs(z) * ROOT_HALF;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * expBelow(-x * x);
  return z < 0 ? tail : 1 - tail;
}

/** Smallest distance of a probability from 0 and 1 that float32 can represent. */
const EDGE = 2e-7;

/** Computes the quantile Φ⁻¹ of a probability. */
export function quantile(probability: number): number {
  return exact.normalDeviate(fround(2 * Math.min(1 - EDGE, Math.max(EDGE, probability)) - 1));
}
