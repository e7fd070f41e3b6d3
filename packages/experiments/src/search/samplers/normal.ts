// Normal numbers between two ends, from the kernels' exp and the four operations: the same bits in every engine.
import { exact } from '@descent/nn';

const { fround, sqrt } = Math;
const ROOT_HALF = sqrt(0.5);
const ROOT_TAU = sqrt(2 * Math.PI);

/** φ(z), the density. */
export function density(z: number): number {
  return exact.exp(fround(-0.5 * z * z)) / ROOT_TAU;
}

/** Φ(z), the share below z: within 2·10⁻⁷ (Abramowitz and Stegun, 7.1.26). */
export function shareBelow(z: number): number {
  const x = Math.abs(z) * ROOT_HALF;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * exact.exp(fround(-x * x));
  return z < 0 ? tail : 1 - tail;
}

/** Beyond these shares float32 cannot tell a share from 0 or 1. */
const EDGE = 2e-7;

/** The number below which a share lies. */
export function deviateAt(share: number): number {
  return exact.normalDeviate(fround(2 * Math.min(1 - EDGE, Math.max(EDGE, share)) - 1));
}
