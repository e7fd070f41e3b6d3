// Normalization down the columns of a batch, two Lanes of columns at a time. All sums are float64.
import { add, F32, load, mul, mulAdd, pmax, put, STRIDE, splat, store, sub, take, W } from './lane';
import { addWide, BLOCK, divWide, high, loadWide, low, mulWide, narrow, splatWide, sqrtWide, subWide } from './wide';

/** 1 ÷ √(variance + eps). */
// @ts-ignore: decorator
@inline function invertStd(variance: Wide, eps: f32): Wide {
  return divWide(splatWide(1), sqrtWide(addWide(variance, splatWide(eps))));
}

/** Stores what the sums of squares q of the columns of a Lane give, with the halves of their mean. */
// @ts-ignore: decorator
@inline function storeMoments(
  m: i32, eps: f32, meanLow: Wide, meanHigh: Wide, qLow: Wide, qHigh: Wide,
  mean: usize, residual: usize, variance: usize, inverse: usize, count: i32,
): void {
  const average = narrow(meanLow, meanHigh);
  const vLow = divWide(qLow, splatWide(m)), vHigh = divWide(qHigh, splatWide(m));
  put(mean, average, count);
  put(residual, narrow(subWide(meanLow, low(average)), subWide(meanHigh, high(average))), count);
  put(variance, narrow(vLow, vHigh), count);
  put(inverse, narrow(invertStd(vLow, eps), invertStd(vHigh, eps)), count);
}

/** Moments of the first `count` columns of the Lanes at x and x + next. Where `next` is 0 they are the same Lane. */
function moments2(
  m: i32, row: usize, eps: f32, x: usize, next: usize,
  mean: usize, residual: usize, variance: usize, inverse: usize, count: i32,
): void {
  const zero = splatWide(0), size = splatWide(m);
  let a = zero, b = zero, c = zero, d = zero;
  for (let i = 0, p = x, q = x + next; i < m; i++, p += row, q += row) {
    a = addWide(a, loadWide(p));
    c = addWide(c, loadWide(q));
    if (ASC_FEATURE_SIMD) b = addWide(b, loadWide(p + 8)), d = addWide(d, loadWide(q + 8));
  }
  const am = divWide(a, size), bm = divWide(b, size), cm = divWide(c, size), dm = divWide(d, size);
  a = zero, b = zero, c = zero, d = zero;
  for (let i = 0, p = x, q = x + next; i < m; i++, p += row, q += row) {
    const ax = subWide(loadWide(p), am), cx = subWide(loadWide(q), cm);
    a = addWide(a, mulWide(ax, ax));
    c = addWide(c, mulWide(cx, cx));
    if (ASC_FEATURE_SIMD) {
      const bx = subWide(loadWide(p + 8), bm), dx = subWide(loadWide(q + 8), dm);
      b = addWide(b, mulWide(bx, bx));
      d = addWide(d, mulWide(dx, dx));
    }
  }
  storeMoments(m, eps, am, bm, a, b, mean, residual, variance, inverse, count);
  storeMoments(m, eps, cm, dm, c, d, mean + next, residual + next, variance + next, inverse + next, count);
}

export function moments(
  m: i32, n: i32, eps: f32, x: usize, mean: usize, residual: usize, variance: usize, inverse: usize,
): void {
  const row = (<usize>n) << F32;
  for (let at: usize = 0; at < row; at += STRIDE) {
    const left = <i32>((row - at) >> F32);
    const next = left >= 2 * W ? STRIDE : 0;
    moments2(m, row, eps, x + at, next, mean + at, residual + at, variance + at, inverse + at, min(left, W));
    at += next;
  }
}

export function inverseStd(n: i32, eps: f32, variance: usize, out: usize): void {
  for (let i = 0; i < n; i++, variance += 4, out += 4) {
    f32.store(out, <f32>(1 / sqrt<f64>(<f64>f32.load(variance) + eps)));
  }
}

export function updateRunning(n: i32, momentum: f64, factor: f64, batch: usize, running: usize): void {
  const kept = 1 - momentum, added = momentum * factor;
  for (let i = 0; i < n; i++, batch += 4, running += 4) {
    f32.store(running, <f32>(kept * f32.load(running) + added * f32.load(batch)));
  }
}

/** (x − mean) × scale + shift, not below `least`. */
// @ts-ignore: decorator
@inline function normalized(x: Lane, mean: Lane, scale: Lane, shift: Lane, least: Lane): Lane {
  return pmax(mulAdd(sub(x, mean), scale, shift), least);
}

/** β − residual × scale; β where there is no residual. */
// @ts-ignore: decorator
@inline function shiftOf(beta: usize, residual: usize, at: usize, scale: Lane, count: i32): Lane {
  const b = take(beta + at, count);
  return residual ? sub(b, mul(take(residual + at, count), scale)) : b;
}

export function batchNorm(
  m: i32, n: i32, relu: i32, x: usize, mean: usize, residual: usize, inverse: usize, gamma: usize, beta: usize,
  out: usize,
): void {
  const row = (<usize>n) << F32;
  const least = splat(relu ? 0 : -f32.MAX_VALUE * 2);
  let at: usize = 0;
  for (; at + 2 * STRIDE <= row; at += 2 * STRIDE) {
    const next = at + STRIDE;
    const m0 = load(mean + at), s0 = mul(load(gamma + at), load(inverse + at)), b0 = shiftOf(beta, residual, at, s0, W);
    const m1 = load(mean + next), s1 = mul(load(gamma + next), load(inverse + next));
    const b1 = shiftOf(beta, residual, next, s1, W);
    for (let i = 0, p = x + at, q = out + at; i < m; i++, p += row, q += row) {
      store(q, normalized(load(p), m0, s0, b0, least));
      store(q + STRIDE, normalized(load(p + STRIDE), m1, s1, b1, least));
    }
  }
  for (; at < row; at += STRIDE) {
    const count = min(<i32>((row - at) >> F32), W);
    const m0 = take(mean + at, count), s0 = mul(take(gamma + at, count), take(inverse + at, count));
    const b0 = shiftOf(beta, residual, at, s0, count);
    for (let i = 0, p = x + at, q = out + at; i < m; i++, p += row, q += row) {
      put(q, normalized(take(p, count), m0, s0, b0, least), count);
    }
  }
}

/** dx = a × ((dy − b) − (x − mean) × c) for the first `count` columns of a Lane. */
// @ts-ignore: decorator
@inline function inputGradient(
  m: i32, row: usize, x: usize, dy: usize, dx: usize, mean: Lane, a: Lane, b: Lane, c: Lane, count: i32,
): void {
  for (; m > 0; m--, x += row, dy += row, dx += row) {
    put(dx, mul(a, sub(sub(take(dy, count), b), mul(sub(take(x, count), mean), c))), count);
  }
}

/** The first `count` columns of a Lane. */
function backward1(
  m: i32, batch: bool, row: usize, x: usize, mean: usize, residual: usize, inverse: usize, gamma: usize, dy: usize,
  dGamma: usize, dBeta: usize, dx: usize, count: i32,
): void {
  const average = load(mean), left = residual ? load(residual) : splat(0), root = load(inverse);
  let b = splatWide(0), d = splatWide(0), g = splatWide(0), h = splatWide(0);
  for (let i = m, p = x, q = dy; i > 0; i -= BLOCK) {
    let bs = splat(0), gs = splat(0);
    for (let k = min(i, BLOCK); k > 0; k--, p += row, q += row) {
      bs = add(bs, load(q));
      gs = mulAdd(load(q), sub(load(p), average), gs);
    }
    b = addWide(b, low(bs));
    g = addWide(g, low(gs));
    if (ASC_FEATURE_SIMD) d = addWide(d, high(bs)), h = addWide(h, high(gs));
  }
  g = subWide(g, mulWide(b, low(left))), h = subWide(h, mulWide(d, high(left)));
  g = mulWide(g, low(root)), h = mulWide(h, high(root));
  put(dBeta, narrow(b, d), count);
  put(dGamma, narrow(g, h), count);
  const a = mul(load(gamma), root), size = splatWide(m);
  if (batch) {
    g = divWide(mulWide(g, low(root)), size), h = divWide(mulWide(h, high(root)), size);
    b = subWide(divWide(b, size), mulWide(low(left), g)), d = subWide(divWide(d, size), mulWide(high(left), h));
  } else {
    b = d = g = h = splatWide(0);
  }
  const shift = narrow(b, d), slope = narrow(g, h);
  if (count == W) inputGradient(m, row, x, dy, dx, average, a, shift, slope, W);
  else inputGradient(m, row, x, dy, dx, average, a, shift, slope, count);
}

export function batchNormBackward(
  m: i32, n: i32, batch: i32, x: usize, mean: usize, residual: usize, inverse: usize, gamma: usize, dy: usize,
  dGamma: usize, dBeta: usize, dx: usize,
): void {
  const row = (<usize>n) << F32;
  for (let at: usize = 0; at < row; at += STRIDE) {
    const count = min(<i32>((row - at) >> F32), W);
    const left = residual ? residual + at : 0;
    backward1(
      m, batch != 0, row, x + at, mean + at, left, inverse + at, gamma + at, dy + at, dGamma + at, dBeta + at, dx + at,
      count,
    );
  }
}
