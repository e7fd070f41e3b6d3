// GELU: x · Φ(x), with Φ the normal distribution's or its approximation by tanh.
import { exp, tanh } from './functions';
import { abs, add, copySign, load, mul, put, STRIDE, splat, store, sub, take, W, whereLess } from './lane';

/** erf x: x + x·p(x²) below 475/512, 1 − exp(p(|x|)) above; coefficients by Norbert Juffa. */
// @ts-ignore: decorator
@inline function erf(x: Lane): Lane {
  const t = abs(x);
  const s = mul(x, x);
  let p = splat(-5.96761703e-4);
  p = add(mul(p, s), splat(4.99119423e-3));
  p = add(mul(p, s), splat(-2.67681349e-2));
  p = add(mul(p, s), splat(1.12819925e-1));
  p = add(mul(p, s), splat(-3.76125336e-1));
  p = add(mul(p, s), splat(1.28379166e-1));
  const small = add(mul(p, x), x);
  let q = add(mul(splat(-1.72853470e-5), t), splat(3.83197126e-4));
  q = add(mul(q, s), add(mul(splat(-3.88396438e-3), t), splat(2.42546219e-2)));
  q = add(mul(q, t), splat(-1.06777877e-1));
  q = add(mul(q, t), splat(-6.34846687e-1));
  q = add(mul(q, t), splat(-1.28717512e-1));
  const large = copySign(sub(splat(1.0), exp(sub(mul(q, t), t))), x);
  return whereLess(splat(0.927734375), t, large, small);
}

/** ½ (1 + erf(x ÷ √2)). */
function phi(x: Lane): Lane {
  return mul(splat(0.5), add(splat(1.0), erf(mul(x, splat(0.70710678118654752)))));
}

/** tanh(√(2 ÷ π) · (x + 0.044715 x³)). */
function bend(x: Lane): Lane {
  return tanh(mul(splat(0.79788456080286536), add(x, mul(splat(0.044715), mul(mul(x, x), x)))));
}

// Not inlined: a loop and its tail would each hold a copy, and a call costs little beside an exp.

function exact(x: Lane): Lane { return mul(x, phi(x)); }

function approximate(x: Lane): Lane { return mul(x, mul(splat(0.5), add(splat(1.0), bend(x)))); }

/** Φ(x) + x · e^(−x² ÷ 2) ÷ √(2π). */
function exactSlope(x: Lane): Lane {
  const density = mul(exp(mul(splat(-0.5), mul(x, x))), splat(0.39894228040143268));
  return add(phi(x), mul(x, density));
}

/** ½ (1 + t) + ½ x (1 − t²) · √(2 ÷ π) · (1 + 3 · 0.044715 x²), with t = `bend`. */
function approximateSlope(x: Lane): Lane {
  const t = bend(x);
  const inner = mul(splat(0.79788456080286536), add(splat(1.0), mul(splat(0.134145), mul(x, x))));
  const half = mul(splat(0.5), add(splat(1.0), t));
  return add(half, mul(mul(mul(splat(0.5), x), sub(splat(1.0), mul(t, t))), inner));
}

function exactAll(n: i32, x: usize, out: usize): void {
  for (; n >= W; n -= W, x += STRIDE, out += STRIDE) store(out, exact(load(x)));
  if (n > 0) put(out, exact(take(x, n)), n);
}

function approximateAll(n: i32, x: usize, out: usize): void {
  for (; n >= W; n -= W, x += STRIDE, out += STRIDE) store(out, approximate(load(x)));
  if (n > 0) put(out, approximate(take(x, n)), n);
}

export function gelu(n: i32, tanh: i32, x: usize, out: usize): void {
  if (tanh) approximateAll(n, x, out);
  else exactAll(n, x, out);
}

function exactBack(n: i32, x: usize, dy: usize, dx: usize): void {
  for (; n >= W; n -= W, x += STRIDE, dy += STRIDE, dx += STRIDE) store(dx, mul(load(dy), exactSlope(load(x))));
  if (n > 0) put(dx, mul(take(dy, n), exactSlope(take(x, n))), n);
}

function approximateBack(n: i32, x: usize, dy: usize, dx: usize): void {
  for (; n >= W; n -= W, x += STRIDE, dy += STRIDE, dx += STRIDE) store(dx, mul(load(dy), approximateSlope(load(x))));
  if (n > 0) put(dx, mul(take(dy, n), approximateSlope(take(x, n))), n);
}

export function geluBackward(n: i32, tanh: i32, x: usize, dy: usize, dx: usize): void {
  if (tanh) approximateBack(n, x, dy, dx);
  else exactBack(n, x, dy, dx);
}
