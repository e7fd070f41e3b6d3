// Normal numbers between two ends, from the four operations alone: the same bits in every engine.
import { exact } from '@descent/nn';

const { fround, sqrt } = Math;
const ROOT_HALF = sqrt(0.5);
const ROOT_TAU = sqrt(2 * Math.PI);

/** 1, ½, ¼, … */
const HALVES = new Float64Array(200).fill(1);
for (let n = 1; n < HALVES.length; n++) HALVES[n] = (HALVES[n - 1] as number) / 2;
// ln 2 in two parts: the first has zeros enough at its end that a whole number of them is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/**
 * eˣ for x ≤ 0, within a part in 10¹⁰; 0 below −137. In float64, unlike the kernels': an estimator asks for it some ten thousand
 * times a trial.
 */
export function expBelow(x: number): number {
  if (x < -137) return 0;
  const n = (0.5 - x * Math.LOG2E) | 0;
  const r = x + n * LN2_HIGH + n * LN2_LOW;
  // Taylor's series to the ninth power: |r| is at most half of ln 2.
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

/** φ(z), the density. */
export function density(z: number): number {
  return expBelow(-0.5 * z * z) / ROOT_TAU;
}

/** Φ(z), the share below z: within 2·10⁻⁷ (Abramowitz and Stegun, 7.1.26). */
export function shareBelow(z: number): number {
  const x = Math.abs(z) * ROOT_HALF;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * expBelow(-x * x);
  return z < 0 ? tail : 1 - tail;
}

/** Beyond these shares float32 cannot tell a share from 0 or 1. */
const EDGE = 2e-7;

/** The number below which a share lies. */
export function deviateAt(share: number): number {
  return exact.normalDeviate(fround(2 * Math.min(1 - EDGE, Math.max(EDGE, share)) - 1));
}
