// Normalisation down the columns of a batch. Columns go two or four Lanes at a time, so that all passes over them find them in the cache.
import { add, div, F32, load, mul, mulAdd, orAtLeast, put, STRIDE, splat, sqrt, store, sub, take, W } from './lane';

/** Mean and variance of 4 Lanes of columns. */
function moments4(m: i32, x: usize, row: usize, mean: usize, variance: usize): void {
  const count = splat(<f32>m);
  let a = splat(0), b = splat(0), c = splat(0), d = splat(0);
  for (let i = 0, p = x; i < m; i++, p += row) {
    a = add(a, load(p));
    b = add(b, load(p + STRIDE));
    c = add(c, load(p + 2 * STRIDE));
    d = add(d, load(p + 3 * STRIDE));
  }
  const am = div(a, count), bm = div(b, count), cm = div(c, count), dm = div(d, count);
  a = splat(0), b = splat(0), c = splat(0), d = splat(0);
  for (let i = 0, p = x; i < m; i++, p += row) {
    const ax = sub(load(p), am), bx = sub(load(p + STRIDE), bm);
    a = mulAdd(ax, ax, a);
    b = mulAdd(bx, bx, b);
    const cx = sub(load(p + 2 * STRIDE), cm), dx = sub(load(p + 3 * STRIDE), dm);
    c = mulAdd(cx, cx, c);
    d = mulAdd(dx, dx, d);
  }
  store(mean, am), store(mean + STRIDE, bm), store(mean + 2 * STRIDE, cm), store(mean + 3 * STRIDE, dm);
  store(variance, div(a, count)), store(variance + STRIDE, div(b, count));
  store(variance + 2 * STRIDE, div(c, count)), store(variance + 3 * STRIDE, div(d, count));
}

/** Mean and variance of the first `count` columns of a Lane; what lies beside them is read and not used. */
function moments1(m: i32, x: usize, row: usize, mean: usize, variance: usize, count: i32): void {
  let s = splat(0);
  for (let i = 0, p = x; i < m; i++, p += row) s = add(s, load(p));
  const average = div(s, splat(<f32>m));
  s = splat(0);
  for (let i = 0, p = x; i < m; i++, p += row) {
    const d = sub(load(p), average);
    s = mulAdd(d, d, s);
  }
  put(mean, average, count);
  put(variance, div(s, splat(<f32>m)), count);
}

export function moments(m: i32, n: i32, x: usize, mean: usize, variance: usize): void {
  const row = (<usize>n) << F32;
  let j = 0;
  for (; j + 4 * W <= n; j += 4 * W, x += 4 * STRIDE, mean += 4 * STRIDE, variance += 4 * STRIDE) moments4(m, x, row, mean, variance);
  for (; j < n; j += W, x += STRIDE, mean += STRIDE, variance += STRIDE) moments1(m, x, row, mean, variance, min(n - j, W));
}

/** γ ÷ √(variance + eps) of a Lane of columns. */
// @ts-ignore: decorator
@inline function scaleOf(eps: f32, variance: usize, gamma: usize, count: i32): Lane {
  return div(take(gamma, count), sqrt(add(take(variance, count), splat(eps))));
}

/** (x − mean) × scale + β, not below `least`. */
// @ts-ignore: decorator
@inline function normalized(x: Lane, mean: Lane, scale: Lane, beta: Lane, least: Lane): Lane {
  return orAtLeast(mulAdd(sub(x, mean), scale, beta), least);
}

export function batchNorm(
  m: i32, n: i32, relu: i32, eps: f32, x: usize, mean: usize, variance: usize, gamma: usize, beta: usize, out: usize,
): void {
  const row = (<usize>n) << F32;
  const least = splat(relu ? 0 : -f32.MAX_VALUE * 2);
  let at: usize = 0;
  for (; at + 2 * STRIDE <= row; at += 2 * STRIDE) {
    const m0 = load(mean + at), s0 = scaleOf(eps, variance + at, gamma + at, W), b0 = load(beta + at);
    const next = at + STRIDE;
    const m1 = load(mean + next), s1 = scaleOf(eps, variance + next, gamma + next, W), b1 = load(beta + next);
    for (let i = 0, p = x + at, q = out + at; i < m; i++, p += row, q += row) {
      store(q, normalized(load(p), m0, s0, b0, least));
      store(q + STRIDE, normalized(load(p + STRIDE), m1, s1, b1, least));
    }
  }
  for (; at < row; at += STRIDE) {
    const count = min(<i32>((row - at) >> F32), W);
    const m0 = take(mean + at, count), s0 = scaleOf(eps, variance + at, gamma + at, count), b0 = take(beta + at, count);
    for (let i = 0, p = x + at, q = out + at; i < m; i++, p += row, q += row) put(q, normalized(take(p, count), m0, s0, b0, least), count);
  }
}

/** a × ((dy − b) − (x − mean) × c). */
// @ts-ignore: decorator
@inline function inputGradient(x: Lane, dy: Lane, mean: Lane, a: Lane, b: Lane, c: Lane): Lane {
  return mul(a, sub(sub(dy, b), mul(sub(x, mean), c)));
}

/** Two Lanes of columns. */
function backward2(
  m: i32, batch: bool, eps: f32, row: usize, x: usize, mean: usize, variance: usize, gamma: usize, dy: usize, dGamma: usize, dBeta: usize,
  dx: usize,
): void {
  const m0 = load(mean), m1 = load(mean + STRIDE);
  let b0 = splat(0), b1 = splat(0), g0 = splat(0), g1 = splat(0);
  for (let i = 0, p = x, q = dy; i < m; i++, p += row, q += row) {
    const d0 = load(q), d1 = load(q + STRIDE);
    b0 = add(b0, d0);
    b1 = add(b1, d1);
    g0 = mulAdd(d0, sub(load(p), m0), g0);
    g1 = mulAdd(d1, sub(load(p + STRIDE), m1), g1);
  }
  const root0 = sqrt(add(load(variance), splat(eps))), root1 = sqrt(add(load(variance + STRIDE), splat(eps)));
  g0 = div(g0, root0), g1 = div(g1, root1);
  const a0 = div(load(gamma), root0), a1 = div(load(gamma + STRIDE), root1);
  store(dBeta, b0), store(dBeta + STRIDE, b1), store(dGamma, g0), store(dGamma + STRIDE, g1);
  const c0 = share(m, batch, div(g0, root0)), c1 = share(m, batch, div(g1, root1));
  b0 = share(m, batch, b0), b1 = share(m, batch, b1);
  for (let i = 0, p = x, q = dy, r = dx; i < m; i++, p += row, q += row, r += row) {
    store(r, inputGradient(load(p), load(q), m0, a0, b0, c0));
    store(r + STRIDE, inputGradient(load(p + STRIDE), load(q + STRIDE), m1, a1, b1, c1));
  }
}

/** An example's share of a sum, where the statistics depend on the examples; else +0. */
// @ts-ignore: decorator
@inline function share(m: i32, batch: bool, sum: Lane): Lane {
  return batch ? div(sum, splat(<f32>m)) : splat(0);
}

/** The first `count` columns of a Lane. */
function backward1(
  m: i32, batch: bool, eps: f32, row: usize, x: usize, mean: usize, variance: usize, gamma: usize, dy: usize, dGamma: usize, dBeta: usize,
  dx: usize, count: i32,
): void {
  const average = take(mean, count);
  let b = splat(0), g = splat(0);
  for (let i = 0, p = x, q = dy; i < m; i++, p += row, q += row) {
    const d = take(q, count);
    b = add(b, d);
    g = mulAdd(d, sub(take(p, count), average), g);
  }
  const root = sqrt(add(take(variance, count), splat(eps)));
  g = div(g, root);
  const a = div(take(gamma, count), root);
  put(dBeta, b, count);
  put(dGamma, g, count);
  const c = share(m, batch, div(g, root));
  b = share(m, batch, b);
  for (let i = 0, p = x, q = dy, r = dx; i < m; i++, p += row, q += row, r += row) {
    put(r, inputGradient(take(p, count), take(q, count), average, a, b, c), count);
  }
}

export function batchNormBackward(
  m: i32, n: i32, batch: i32, eps: f32, x: usize, mean: usize, variance: usize, gamma: usize, dy: usize, dGamma: usize, dBeta: usize, dx: usize,
): void {
  const row = (<usize>n) << F32;
  let at: usize = 0;
  for (; at + 2 * STRIDE <= row; at += 2 * STRIDE) {
    backward2(m, batch != 0, eps, row, x + at, mean + at, variance + at, gamma + at, dy + at, dGamma + at, dBeta + at, dx + at);
  }
  for (; at < row; at += STRIDE) {
    const count = min(<i32>((row - at) >> F32), W);
    backward1(m, batch != 0, eps, row, x + at, mean + at, variance + at, gamma + at, dy + at, dGamma + at, dBeta + at, dx + at, count);
  }
}
