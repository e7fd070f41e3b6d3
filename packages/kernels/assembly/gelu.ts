// GELU: x · Φ(x), where Φ is the normal distribution function or its approximation by tanh. Computed in float64 and
// rounded once.
import { load, loadPartial, mul, pmax, selectLess, splat, store, storePartial, STRIDE, W } from './lane';
import {
  absWide, addWide, divWide, high, loadSplatWide, low, mulWide, narrow, powerOfTwoWide, selectNegative, splatWide,
  subWide,
} from './wide';

/** x is clamped to ±16: outside, Φ is 0 or 1 in float32; inside, no float64 overflows. */
const LIMIT: f32 = 16;

// Coefficients of polynomials, highest power first. Their number is even: `polynomial` takes them in pairs.

/** 1 ÷ k! for k from 12 to 0. */
const EXP = memory.data<f64>([
  0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0, 1 / 5040.0,
  1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 0.5, 1, 1,
]);
/** `millsRatio`: a polynomial of degree 6 divided by one of degree 7. */
const MILLS_NUMERATOR = memory.data<f64>([
  0, 0.00010279661305737666, 0.0019343188679375274, 0.01682956486308903, 0.08612836915217613,
  0.2746294541084323, 0.5244653708715322, 0.5,
]);
const MILLS_DENOMINATOR = memory.data<f64>([
  0.00025767192939990465, 0.004848670123722195, 0.042441836468555795, 0.22076098930985913,
  0.7298326672671774, 1.5228043247634409, 1.8468153025462362, 1,
]);

/** Evaluates a polynomial. Odd and even powers each use Horner's rule, so two chains of operations run in parallel. */
@inline function polynomial(x: Wide, count: usize, coefficients: usize): Wide {
  const square = mulWide(x, x);
  let odd = loadSplatWide(coefficients), even = loadSplatWide(coefficients + 8);
  for (let at: usize = 16; at < 8 * count; at += 16) {
    odd = addWide(mulWide(odd, square), loadSplatWide(coefficients + at));
    even = addWide(mulWide(even, square), loadSplatWide(coefficients + at + 8));
  }
  return addWide(mulWide(odd, x), even);
}

/** Returns eˣ = 2ⁿ · eʳ for |x| ≤ 700, with |r| ≤ ½ ln 2 and eʳ by its Taylor polynomial of degree 12. */
@inline function expWide(x: Wide): Wide {
  const round = splatWide(6755399441055744);
  const t = addWide(mulWide(x, splatWide(1.4426950408889634)), round);
  const n = subWide(t, round);
  const rough = subWide(x, mulWide(n, splatWide(0.6931471803691238)));
  const r = subWide(rough, mulWide(n, splatWide(1.9082149292705877e-10)));
  return mulWide(polynomial(r, 14, EXP), powerOfTwoWide(t));
}

/** Returns Φ(−t) ÷ e^(−t² ÷ 2) for 0 ≤ t ≤ 16 by a minimax quotient: error 10⁻¹² below 4, 10⁻⁸ above. */
@inline function millsRatio(t: Wide): Wide {
  return divWide(polynomial(t, 8, MILLS_NUMERATOR), polynomial(t, 8, MILLS_DENOMINATOR));
}

/** Returns Φ(c), or the derivative of c · Φ(c): Φ(c) + c · e^(−c² ÷ 2) ÷ √(2π). */
@inline function exactFactor(c: Wide, isDerivative: bool): Wide {
  const e = expWide(mulWide(splatWide(-0.5), mulWide(c, c)));
  const tail = mulWide(e, millsRatio(absWide(c)));
  const phi = selectNegative(c, tail, subWide(splatWide(1), tail));
  return isDerivative ? addWide(phi, mulWide(c, mulWide(e, splatWide(0.3989422804014327)))) : phi;
}

/** Returns σ(s) with s = 2 √(2 ÷ π) (c + 0.044715 c³), or the derivative of c · σ(s): σ · (1 + c · (1 − σ) · s′). */
@inline function tanhFactor(c: Wide, isDerivative: bool): Wide {
  const square = mulWide(c, c);
  const cubic = addWide(mulWide(square, splatWide(0.044715)), splatWide(1));
  const e = expWide(mulWide(mulWide(c, splatWide(-1.5957691216057308)), cubic));
  const sigma = divWide(splatWide(1), addWide(e, splatWide(1)));
  if (!isDerivative) return sigma;
  const inner = mulWide(splatWide(1.5957691216057308), addWide(mulWide(square, splatWide(0.134145)), splatWide(1)));
  return mulWide(sigma, addWide(splatWide(1), mulWide(mulWide(c, mulWide(e, sigma)), inner)));
}

/** Returns Φ of half a Lane, or the derivative of x · Φ. Not inlined: a call is cheap compared with an exp. */
function factor(c: Wide, tanh: bool, isDerivative: bool): Wide {
  return tanh ? tanhFactor(c, isDerivative) : exactFactor(c, isDerivative);
}

/** Returns x · Φ. Below −16 it is −0, also at −∞. */
function geluValue(x: Lane, tanh: bool): Lane {
  const y = pmax(x, splat(-LIMIT)), c = selectLess(splat(LIMIT), y, splat(LIMIT), y);
  const a = mulWide(low(y), factor(low(c), tanh, false));
  return narrow(a, ASC_FEATURE_SIMD ? mulWide(high(y), factor(high(c), tanh, false)) : a);
}

function geluDerivative(x: Lane, tanh: bool): Lane {
  const y = pmax(x, splat(-LIMIT)), c = selectLess(splat(LIMIT), y, splat(LIMIT), y);
  const a = factor(low(c), tanh, true);
  return narrow(a, ASC_FEATURE_SIMD ? factor(high(c), tanh, true) : a);
}

export function gelu(n: i32, tanh: i32, x: usize, out: usize): void {
  for (; n >= W; n -= W, x += STRIDE, out += STRIDE) store(out, geluValue(load(x), tanh != 0));
  if (n > 0) storePartial(out, geluValue(loadPartial(x, n), tanh != 0), n);
}

export function geluBackward(n: i32, tanh: i32, x: usize, dy: usize, dx: usize): void {
  for (; n >= W; n -= W, x += STRIDE, dy += STRIDE, dx += STRIDE) {
    store(dx, mul(load(dy), geluDerivative(load(x), tanh != 0)));
  }
  if (n > 0) storePartial(dx, mul(loadPartial(dy, n), geluDerivative(loadPartial(x, n), tanh != 0)), n);
}
