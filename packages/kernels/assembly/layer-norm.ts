// Normalization along the rows. A sum over a row has four lanes of float64 in every build.
import {
  add, F32, load, loadSplat, loadTail, mul, mulAdd, pmax, put, STRIDE, splat, splatBits, store, sub, W,
} from './lane';
import { wideSum } from './reduce';
import { addWide, BLOCK, foldWide, high, low, narrow, splatWide } from './wide';

/** x̂ = ((x − mean) − residual) × inverse. */
// @ts-ignore: decorator
@inline function normal(x: Lane, mean: Lane, residual: Lane, inverse: Lane): Lane {
  return mul(sub(sub(x, mean), residual), inverse);
}

/** out = x̂ × γ + β, not below `least`. */
function normalize(
  n: i32, x: usize, mean: Lane, residual: Lane, inverse: Lane, gamma: usize, beta: usize, least: Lane, out: usize,
): void {
  for (; n >= W; n -= W, x += STRIDE, gamma += STRIDE, beta += STRIDE, out += STRIDE) {
    store(out, pmax(mulAdd(normal(load(x), mean, residual, inverse), load(gamma), load(beta)), least));
  }
  if (n == 0) return;
  const hat = normal(loadTail(x, n), mean, residual, inverse);
  put(out, pmax(mulAdd(hat, loadTail(gamma, n), loadTail(beta, n)), least), n);
}

export function layerNorm(
  m: i32, n: i32, relu: i32, eps: f32, x: usize, gamma: usize, beta: usize,
  mean: usize, residual: usize, inverse: usize, out: usize,
): void {
  const row = (<usize>n) << F32;
  const least = splat(relu ? 0 : -f32.MAX_VALUE * 2);
  for (; m > 0; m--, x += row, out += row, mean += 4, residual += 4, inverse += 4) {
    const average = wideSum(n, x, 0, false) / n;
    f32.store(mean, <f32>average);
    f32.store(residual, <f32>(average - <f32>average));
    f32.store(inverse, <f32>(1 / sqrt<f64>(wideSum(n, x, average, true) / n + eps)));
    normalize(n, x, loadSplat(mean), loadSplat(residual), loadSplat(inverse), gamma, beta, least, out);
  }
}

/** dβ and dγ of `count` columns of a Lane: blocks down the rows. */
function columnGradients(
  m: i32, row: usize, x: usize, mean: usize, residual: usize, inverse: usize, dy: usize, dGamma: usize, dBeta: usize,
  count: i32,
): void {
  let b = splatWide(0), d = splatWide(0), g = splatWide(0), h = splatWide(0);
  for (; m > 0; m -= BLOCK) {
    let bs = splat(0), gs = splat(0);
    for (let i = min(m, BLOCK); i > 0; i--, x += row, dy += row, mean += 4, residual += 4, inverse += 4) {
      const q = load(dy);
      bs = add(bs, q);
      gs = mulAdd(q, normal(load(x), loadSplat(mean), loadSplat(residual), loadSplat(inverse)), gs);
    }
    b = addWide(b, low(bs));
    g = addWide(g, low(gs));
    if (ASC_FEATURE_SIMD) d = addWide(d, high(bs)), h = addWide(h, high(gs));
  }
  put(dBeta, narrow(b, d), count);
  put(dGamma, narrow(g, h), count);
}

/** The first `count` floats of a Lane of four; the others are +0. */
// @ts-ignore: decorator
@inline function head(x: Lane, count: i32): Lane {
  if (ASC_FEATURE_SIMD) return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), splatBits(count)));
  else return x;
}

/** inverse × ((dy × γ − a) − x̂ × c). */
// @ts-ignore: decorator
@inline function inputGradient(hat: Lane, dy: Lane, gamma: Lane, inverse: Lane, a: Lane, c: Lane): Lane {
  return mul(inverse, sub(sub(mul(dy, gamma), a), mul(hat, c)));
}

/** dx of one row. */
function rowGradient(
  n: i32, x: usize, mean: Lane, residual: Lane, inverse: Lane, gamma: usize, dy: usize, dx: usize,
): void {
  let dSum: f64 = 0, hatSum: f64 = 0;
  for (let lane = 0, at: usize = 0; lane < 4; lane += W, at += STRIDE) {
    let s = splatWide(0), t = splatWide(0), u = splatWide(0), v = splatWide(0);
    for (let left = n, p = at; left > lane; left -= 4 * BLOCK) {
      let ds = splat(0), hs = splat(0);
      for (let i = left, end = max(left - 4 * BLOCK, 0) + lane; i > end; i -= 4, p += 16) {
        let d = mul(load(dy + p), load(gamma + p)), h = mul(d, normal(load(x + p), mean, residual, inverse));
        if (i < W) d = head(d, i), h = head(h, i);
        ds = add(ds, d);
        hs = add(hs, h);
      }
      s = addWide(s, low(ds));
      u = addWide(u, low(hs));
      if (ASC_FEATURE_SIMD) t = addWide(t, high(ds)), v = addWide(v, high(hs));
    }
    dSum += foldWide(s, t);
    hatSum += foldWide(u, v);
  }
  const a = splat(<f32>(dSum / n)), c = splat(<f32>(hatSum / n));
  for (; n >= W; n -= W, x += STRIDE, gamma += STRIDE, dy += STRIDE, dx += STRIDE) {
    store(dx, inputGradient(normal(load(x), mean, residual, inverse), load(dy), load(gamma), inverse, a, c));
  }
  if (n == 0) return;
  const hat = normal(loadTail(x, n), mean, residual, inverse);
  put(dx, inputGradient(hat, loadTail(dy, n), loadTail(gamma, n), inverse, a, c), n);
}

export function layerNormBackward(
  m: i32, n: i32, x: usize, mean: usize, residual: usize, inverse: usize, gamma: usize, dy: usize,
  dGamma: usize, dBeta: usize, dx: usize,
): void {
  const row = (<usize>n) << F32;
  for (let at: usize = 0; at < row; at += STRIDE) {
    const count = min(<i32>((row - at) >> F32), W);
    columnGradients(m, row, x + at, mean, residual, inverse, dy + at, dGamma + at, dBeta + at, count);
  }
  for (; m > 0; m--, x += row, dy += row, dx += row, mean += 4, residual += 4, inverse += 4) {
    rowGradient(n, x, loadSplat(mean), loadSplat(residual), loadSplat(inverse), gamma, dy, dx);
  }
}
