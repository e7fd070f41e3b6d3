// Normalisation along the rows. A sum over a row keeps four lanes in every build.
import { add, div, F32, load, loadSplat, loadTail, mul, mulAdd, orAtLeast, put, STRIDE, splat, splatBits, store, sub, take, W } from './lane';
import { fold, sum, sumSquares } from './reduce';

/** The first `count` floats of a Lane; the others are +0. */
// @ts-ignore: decorator
@inline function head(x: Lane, count: i32): Lane {
  if (ASC_FEATURE_SIMD) return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), splatBits(count)));
  else return x;
}

/** out = x − mean. */
// @ts-ignore: decorator
@inline function centre(n: i32, x: usize, mean: f32, out: usize): void {
  const m = splat(mean);
  for (; n >= W; n -= W, x += STRIDE, out += STRIDE) store(out, sub(load(x), m));
  if (n > 0) put(out, sub(loadTail(x, n), m), n);
}

/** out = out × inverse × γ + β, not below `least`. */
// @ts-ignore: decorator
@inline function stretch(n: i32, inverse: f32, gamma: usize, beta: usize, least: Lane, out: usize): void {
  const r = splat(inverse);
  for (; n >= W; n -= W, gamma += STRIDE, beta += STRIDE, out += STRIDE) {
    store(out, orAtLeast(mulAdd(mul(load(out), r), load(gamma), load(beta)), least));
  }
  if (n > 0) put(out, orAtLeast(mulAdd(mul(loadTail(out, n), r), loadTail(gamma, n), loadTail(beta, n)), least), n);
}

export function layerNorm(
  m: i32, n: i32, relu: i32, eps: f32, x: usize, gamma: usize, beta: usize, mean: usize, inverse: usize, out: usize,
): void {
  const row = (<usize>n) << F32;
  const least = splat(relu ? 0 : -f32.MAX_VALUE * 2);
  const count = <f32>n;
  for (; m > 0; m--, x += row, out += row, mean += 4, inverse += 4) {
    const average = sum(n, x) / count;
    centre(n, x, average, out);
    const r = <f32>1 / Mathf.sqrt(sumSquares(n, out) / count + eps);
    stretch(n, r, gamma, beta, least, out);
    f32.store(mean, average);
    f32.store(inverse, r);
  }
}

/** dβ and dγ of `count` columns of a Lane: chains down the rows. */
function columnGradients(
  m: i32, row: usize, x: usize, mean: usize, inverse: usize, dy: usize, dGamma: usize, dBeta: usize, count: i32,
): void {
  let b = splat(0), g = splat(0);
  for (; m > 0; m--, x += row, dy += row, mean += 4, inverse += 4) {
    const d = load(dy);
    b = add(b, d);
    g = mulAdd(d, mul(sub(load(x), loadSplat(mean)), loadSplat(inverse)), g);
  }
  put(dBeta, b, count);
  put(dGamma, g, count);
}

/** Σ dy × γ, or Σ dy × γ × x̂ where `weighted`, over every fourth element or, in a Lane of four, every element. */
// @ts-ignore: decorator
@inline function laneSum(n: i32, x: usize, mean: Lane, inverse: Lane, gamma: usize, dy: usize, weighted: bool): Lane {
  let s = splat(0);
  for (; n >= W; n -= 4, x += 16, gamma += 16, dy += 16) {
    const g = mul(load(dy), load(gamma));
    s = weighted ? mulAdd(g, mul(sub(load(x), mean), inverse), s) : add(s, g);
  }
  if (n > 0) {
    const g = mul(loadTail(dy, n), loadTail(gamma, n));
    s = add(s, head(weighted ? mul(g, mul(sub(loadTail(x, n), mean), inverse)) : g, n));
  }
  return s;
}

// @ts-ignore: decorator
@inline function rowSum(n: i32, x: usize, mean: Lane, inverse: Lane, gamma: usize, dy: usize, weighted: bool): f32 {
  if (ASC_FEATURE_SIMD) return fold(laneSum(n, x, mean, inverse, gamma, dy, weighted) as v128);
  else {
    const l0 = laneSum(n, x, mean, inverse, gamma, dy, weighted);
    const l1 = laneSum(n - 1, x + 4, mean, inverse, gamma + 4, dy + 4, weighted);
    const l2 = laneSum(n - 2, x + 8, mean, inverse, gamma + 8, dy + 8, weighted);
    const l3 = laneSum(n - 3, x + 12, mean, inverse, gamma + 12, dy + 12, weighted);
    return <f32>(l0 + l1) + <f32>(l2 + l3);
  }
}

/** inverse × ((dy × γ − a) − x̂ × c). */
// @ts-ignore: decorator
@inline function inputGradient(x: Lane, dy: Lane, gamma: Lane, mean: Lane, inverse: Lane, a: Lane, c: Lane): Lane {
  return mul(inverse, sub(sub(mul(dy, gamma), a), mul(mul(sub(x, mean), inverse), c)));
}

/** dx of one row. */
function rowGradient(n: i32, x: usize, mean: Lane, inverse: Lane, gamma: usize, dy: usize, dx: usize): void {
  const a = splat(rowSum(n, x, mean, inverse, gamma, dy, false) / <f32>n);
  const c = splat(rowSum(n, x, mean, inverse, gamma, dy, true) / <f32>n);
  for (; n >= W; n -= W, x += STRIDE, gamma += STRIDE, dy += STRIDE, dx += STRIDE) {
    store(dx, inputGradient(load(x), load(dy), load(gamma), mean, inverse, a, c));
  }
  if (n > 0) put(dx, inputGradient(take(x, n), take(dy, n), take(gamma, n), mean, inverse, a, c), n);
}

export function layerNormBackward(
  m: i32, n: i32, x: usize, mean: usize, inverse: usize, gamma: usize, dy: usize, dGamma: usize, dBeta: usize, dx: usize,
): void {
  const row = (<usize>n) << F32;
  for (let at: usize = 0; at < row; at += STRIDE) {
    const count = min(<i32>((row - at) >> F32), W);
    columnGradients(m, row, x + at, mean, inverse, dy + at, dGamma + at, dBeta + at, count);
  }
  for (; m > 0; m--, x += row, dy += row, dx += row, mean += 4, inverse += 4) {
    rowGradient(n, x, loadSplat(mean), loadSplat(inverse), gamma, dy, dx);
  }
}
