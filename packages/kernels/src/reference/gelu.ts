// GELU in plain TypeScript, computed in float64 and rounded once. assembly/gelu.ts explains the formulas.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';

const { abs, max, min } = Math;

/** x is clamped to ±16. */
const LIMIT = 16;
/** 1.5 · 2⁵²: adding it rounds x to the nearest integer (ties to even). */
const ROUND = 6755399441055744;

// Coefficients of polynomials, highest power first. Their number is even.
const EXP = [0, ...[479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1].map((k) => 1 / k)];
const MILLS_NUMERATOR = [
  0, 0.00010279661305737666, 0.0019343188679375274, 0.01682956486308903, 0.08612836915217613, 0.2746294541084323,
  0.5244653708715322, 0.5,
];
const MILLS_DENOMINATOR = [
  0.00025767192939990465, 0.004848670123722195, 0.042441836468555795, 0.22076098930985913, 0.7298326672671774,
  1.5228043247634409, 1.8468153025462362, 1,
];

/** Evaluates a polynomial: odd and even powers each by Horner's rule. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let [odd, even] = coefficients as [number, number];
  for (let i = 2; i < coefficients.length; i += 2) {
    odd = odd * (x * x) + (coefficients[i] as number);
    even = even * (x * x) + (coefficients[i + 1] as number);
  }
  return odd * x + even;
}

const power = new Float64Array(1);
const words = new Int32Array(power.buffer);

/** Returns eˣ for |x| ≤ 700. */
function exp(x: number): number {
  const n = x * Math.LOG2E + ROUND - ROUND;
  words[1] = (n + 1023) << 20;
  return polynomial(x - n * 0.6931471803691238 - n * 1.9082149292705877e-10, EXP) * (power[0] as number);
}

/** Returns Φ(c), or the derivative of c · Φ(c): Φ(c) + c · e^(−c² ÷ 2) ÷ √(2π). */
function exactFactor(c: number, isDerivative: boolean): number {
  const e = exp(-0.5 * (c * c));
  const tail = e * (polynomial(abs(c), MILLS_NUMERATOR) / polynomial(abs(c), MILLS_DENOMINATOR));
  const phi = c < 0 ? tail : 1 - tail;
  return isDerivative ? phi + c * (e * 0.3989422804014327) : phi;
}

/** Returns σ(s) with s = 2 √(2 ÷ π) (c + 0.044715 c³), or the derivative of c · σ(s): σ · (1 + c · (1 − σ) · s′). */
function tanhFactor(c: number, isDerivative: boolean): number {
  const e = exp(c * -1.5957691216057308 * (c * c * 0.044715 + 1));
  const sigma = 1 / (e + 1);
  return isDerivative ? sigma * (1 + c * (e * sigma) * (1.5957691216057308 * (c * c * 0.134145 + 1))) : sigma;
}

export function gelu(views: Views) {
  return {
    gelu(n, tanh, x, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) {
        const y = max(f32[p + i], -LIMIT);
        f32[q + i] = y * (tanh !== 0 ? tanhFactor : exactFactor)(min(y, LIMIT), false);
      }
    },
    geluBackward(n, tanh, x, dy, dx) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = dy >>> 2, r = dx >>> 2; i < n; i++) {
        const c = min(max(f32[p + i], -LIMIT), LIMIT);
        f32[r + i] = f32[q + i] * Math.fround((tanh !== 0 ? tanhFactor : exactFactor)(c, true));
      }
    },
  } satisfies Partial<Kernels>;
}
