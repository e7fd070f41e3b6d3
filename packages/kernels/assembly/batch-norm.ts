// Batch normalization: statistics of each column of a batch. Two Lanes of columns run at once, because one sum alone
// would wait for its own additions. Statistics are float64; `wide.ts` splits each Lane into two halves of float64.
import {
  add, F32, load, loadPartial, minimumOutput, mul, mulAdd, pmax, splat, store, storePartial, STRIDE, sub, W,
} from './lane';
import { addWide, BLOCK, divWide, high, loadWide, low, mulWide, narrow, splatWide, sqrtWide, subWide } from './wide';

/** Returns 1 ÷ √(variance + eps). */
@inline function invertStd(variance: Wide, eps: f32): Wide {
  return divWide(splatWide(1), sqrtWide(addWide(variance, splatWide(eps))));
}

/** Stores the moments of the columns of a Lane, from both halves of their mean and of their sum of squares. */
@inline function storeMoments(
  m: i32, eps: f32, meanLow: Wide, meanHigh: Wide, squaresLow: Wide, squaresHigh: Wide,
  mean: usize, residual: usize, variance: usize, inverse: usize, count: i32,
): void {
  const average = narrow(meanLow, meanHigh);
  const vLow = divWide(squaresLow, splatWide(m)), vHigh = divWide(squaresHigh, splatWide(m));
  storePartial(mean, average, count);
  storePartial(residual, narrow(subWide(meanLow, low(average)), subWide(meanHigh, high(average))), count);
  storePartial(variance, narrow(vLow, vHigh), count);
  storePartial(inverse, narrow(invertStd(vLow, eps), invertStd(vHigh, eps)), count);
}

/** Computes moments of the first `count` columns of the Lanes at x and x + next. If `next` is 0, both are one Lane. */
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

/** Returns max((x − mean) × scale + shift, minimum). */
@inline function normalize(x: Lane, mean: Lane, scale: Lane, shift: Lane, minimum: Lane): Lane {
  return pmax(mulAdd(sub(x, mean), scale, shift), minimum);
}

/** Returns β − residual × scale, or β without a residual. */
@inline function computeShift(beta: usize, residual: usize, at: usize, scale: Lane, count: i32): Lane {
  const b = loadPartial(beta + at, count);
  return residual ? sub(b, mul(loadPartial(residual + at, count), scale)) : b;
}

export function batchNorm(
  m: i32, n: i32, relu: i32, x: usize, mean: usize, residual: usize, inverse: usize, gamma: usize, beta: usize,
  out: usize,
): void {
  const row = (<usize>n) << F32;
  const minimum = minimumOutput(relu);
  let at: usize = 0;
  for (; at + 2 * STRIDE <= row; at += 2 * STRIDE) {
    const next = at + STRIDE;
    const m0 = load(mean + at), s0 = mul(load(gamma + at), load(inverse + at));
    const b0 = computeShift(beta, residual, at, s0, W);
    const m1 = load(mean + next), s1 = mul(load(gamma + next), load(inverse + next));
    const b1 = computeShift(beta, residual, next, s1, W);
    for (let i = 0, p = x + at, q = out + at; i < m; i++, p += row, q += row) {
      store(q, normalize(load(p), m0, s0, b0, minimum));
      store(q + STRIDE, normalize(load(p + STRIDE), m1, s1, b1, minimum));
    }
  }
  for (; at < row; at += STRIDE) {
    const count = min(<i32>((row - at) >> F32), W);
    const m0 = loadPartial(mean + at, count);
    const s0 = mul(loadPartial(gamma + at, count), loadPartial(inverse + at, count));
    const b0 = computeShift(beta, residual, at, s0, count);
    for (let i = 0, p = x + at, q = out + at; i < m; i++, p += row, q += row) {
      storePartial(q, normalize(loadPartial(p, count), m0, s0, b0, minimum), count);
    }
  }
}

/** Computes dx = a × ((dy − b) − (x − mean) × c) for the first `count` columns of a Lane. */
@inline function computeInputGradient(
  m: i32, row: usize, x: usize, dy: usize, dx: usize, mean: Lane, a: Lane, b: Lane, c: Lane, count: i32,
): void {
  for (; m > 0; m--, x += row, dy += row, dx += row) {
    storePartial(dx, mul(a, sub(sub(loadPartial(dy, count), b), mul(sub(loadPartial(x, count), mean), c))), count);
  }
}

/** Computes the gradients of the first `count` columns of a Lane. */
function columnGradients(
  m: i32, batch: bool, row: usize, x: usize, mean: usize, residual: usize, inverse: usize, gamma: usize, dy: usize,
  dGamma: usize, dBeta: usize, dx: usize, count: i32,
): void {
  const average = load(mean), rest = residual ? load(residual) : splat(0), scale = load(inverse);
  let betaLow = splatWide(0), betaHigh = splatWide(0), gammaLow = splatWide(0), gammaHigh = splatWide(0);
  for (let i = m, p = x, q = dy; i > 0; i -= BLOCK) {
    let betaSum = splat(0), gammaSum = splat(0);
    for (let k = min(i, BLOCK); k > 0; k--, p += row, q += row) {
      betaSum = add(betaSum, load(q));
      gammaSum = mulAdd(load(q), sub(load(p), average), gammaSum);
    }
    betaLow = addWide(betaLow, low(betaSum));
    gammaLow = addWide(gammaLow, low(gammaSum));
    if (ASC_FEATURE_SIMD) betaHigh = addWide(betaHigh, high(betaSum)), gammaHigh = addWide(gammaHigh, high(gammaSum));
  }
  gammaLow = subWide(gammaLow, mulWide(betaLow, low(rest)));
  gammaHigh = subWide(gammaHigh, mulWide(betaHigh, high(rest)));
  gammaLow = mulWide(gammaLow, low(scale)), gammaHigh = mulWide(gammaHigh, high(scale));
  storePartial(dBeta, narrow(betaLow, betaHigh), count);
  storePartial(dGamma, narrow(gammaLow, gammaHigh), count);
  const a = mul(load(gamma), scale);
  let b = splat(0), c = splat(0);
  if (batch) {
    const size = splatWide(m);
    const cLow = divWide(mulWide(gammaLow, low(scale)), size), cHigh = divWide(mulWide(gammaHigh, high(scale)), size);
    const bLow = subWide(divWide(betaLow, size), mulWide(low(rest), cLow));
    b = narrow(bLow, subWide(divWide(betaHigh, size), mulWide(high(rest), cHigh)));
    c = narrow(cLow, cHigh);
  }
  if (count == W) computeInputGradient(m, row, x, dy, dx, average, a, b, c, W);
  else computeInputGradient(m, row, x, dy, dx, average, a, b, c, count);
}

export function batchNormBackward(
  m: i32, n: i32, batch: i32, x: usize, mean: usize, residual: usize, inverse: usize, gamma: usize, dy: usize,
  dGamma: usize, dBeta: usize, dx: usize,
): void {
  const row = (<usize>n) << F32;
  for (let at: usize = 0; at < row; at += STRIDE) {
    const count = min(<i32>((row - at) >> F32), W);
    const rest = residual ? residual + at : 0;
    columnGradients(
      m, batch != 0, row, x + at, mean + at, rest, inverse + at, gamma + at, dy + at, dGamma + at, dBeta + at, dx + at,
      count,
    );
  }
}
