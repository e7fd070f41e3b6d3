// Layer normalization: statistics of each row. A sum over a row has four lanes of float64 in every build.
import {
  add, F32, load, loadSplat, loadTail, minimumOutput, mul, mulAdd, pmax, splat, splatBits, store, storePartial, STRIDE,
  sub, W,
} from './lane';
import { wideSumTerms } from './reduce';
import { addWide, BLOCK, high, horizontalSumWide, low, narrow, splatWide } from './wide';

/** Returns x̂ = ((x − mean) − residual) × inverse. */
@inline function subtractMean(x: Lane, mean: Lane, residual: Lane, inverse: Lane): Lane {
  return mul(sub(sub(x, mean), residual), inverse);
}

/** Computes out = max(x̂ × γ + β, minimum) for one row. */
function scaleAndShift(
  n: i32, x: usize, mean: Lane, residual: Lane, inverse: Lane, gamma: usize, beta: usize, minimum: Lane, out: usize,
): void {
  for (; n >= W; n -= W, x += STRIDE, gamma += STRIDE, beta += STRIDE, out += STRIDE) {
    store(out, pmax(mulAdd(subtractMean(load(x), mean, residual, inverse), load(gamma), load(beta)), minimum));
  }
  if (n == 0) return;
  const hat = subtractMean(loadTail(x, n), mean, residual, inverse);
  storePartial(out, pmax(mulAdd(hat, loadTail(gamma, n), loadTail(beta, n)), minimum), n);
}

export function layerNorm(
  m: i32, n: i32, relu: i32, eps: f32, x: usize, gamma: usize, beta: usize,
  mean: usize, residual: usize, inverse: usize, out: usize,
): void {
  const row = (<usize>n) << F32;
  const minimum = minimumOutput(relu);
  for (; m > 0; m--, x += row, out += row, mean += 4, residual += 4, inverse += 4) {
    const average = wideSumTerms(n, x, 0, false) / n;
    f32.store(mean, <f32>average);
    f32.store(residual, <f32>(average - <f32>average));
    f32.store(inverse, <f32>(1 / sqrt<f64>(wideSumTerms(n, x, average, true) / n + eps)));
    scaleAndShift(n, x, loadSplat(mean), loadSplat(residual), loadSplat(inverse), gamma, beta, minimum, out);
  }
}

/** Computes dβ and dγ for the first `count` columns of a Lane, in blocks down the rows. */
function columnGradients(
  m: i32, row: usize, x: usize, mean: usize, residual: usize, inverse: usize, dy: usize, dGamma: usize, dBeta: usize,
  count: i32,
): void {
  let betaLow = splatWide(0), betaHigh = splatWide(0), gammaLow = splatWide(0), gammaHigh = splatWide(0);
  for (; m > 0; m -= BLOCK) {
    let betaSum = splat(0), gammaSum = splat(0);
    for (let i = min(m, BLOCK); i > 0; i--, x += row, dy += row, mean += 4, residual += 4, inverse += 4) {
      const d = load(dy);
      betaSum = add(betaSum, d);
      gammaSum = mulAdd(d, subtractMean(load(x), loadSplat(mean), loadSplat(residual), loadSplat(inverse)), gammaSum);
    }
    betaLow = addWide(betaLow, low(betaSum));
    gammaLow = addWide(gammaLow, low(gammaSum));
    if (ASC_FEATURE_SIMD) betaHigh = addWide(betaHigh, high(betaSum)), gammaHigh = addWide(gammaHigh, high(gammaSum));
  }
  storePartial(dBeta, narrow(betaLow, betaHigh), count);
  storePartial(dGamma, narrow(gammaLow, gammaHigh), count);
}

/** Returns x with all elements after the first `count` set to +0. */
@inline function maskTail(x: Lane, count: i32): Lane {
  if (ASC_FEATURE_SIMD) return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), splatBits(count)));
  else return x;
}

/** Returns inverse × ((dy × γ − a) − x̂ × c). */
@inline function inputGradient(hat: Lane, dy: Lane, gamma: Lane, inverse: Lane, a: Lane, c: Lane): Lane {
  return mul(inverse, sub(sub(mul(dy, gamma), a), mul(hat, c)));
}

/** Computes dx of one row: a and c are means of dy × γ and dy × γ × x̂, each a sum in four lanes of blocks. */
function rowGradient(
  n: i32, x: usize, mean: Lane, residual: Lane, inverse: Lane, gamma: usize, dy: usize, dx: usize,
): void {
  let dSum: f64 = 0, hatSum: f64 = 0;
  for (let lane = 0, at: usize = 0; lane < 4; lane += W, at += STRIDE) {
    let dLow = splatWide(0), dHigh = splatWide(0), hatLow = splatWide(0), hatHigh = splatWide(0);
    for (let left = n, p = at; left > lane; left -= 4 * BLOCK) {
      let dBlock = splat(0), hatBlock = splat(0);
      for (let i = left, end = max(left - 4 * BLOCK, 0) + lane; i > end; i -= 4, p += 16) {
        let d = mul(load(dy + p), load(gamma + p)), h = mul(d, subtractMean(load(x + p), mean, residual, inverse));
        if (i < W) d = maskTail(d, i), h = maskTail(h, i);
        dBlock = add(dBlock, d);
        hatBlock = add(hatBlock, h);
      }
      dLow = addWide(dLow, low(dBlock));
      hatLow = addWide(hatLow, low(hatBlock));
      if (ASC_FEATURE_SIMD) dHigh = addWide(dHigh, high(dBlock)), hatHigh = addWide(hatHigh, high(hatBlock));
    }
    dSum += horizontalSumWide(dLow, dHigh);
    hatSum += horizontalSumWide(hatLow, hatHigh);
  }
  const a = splat(<f32>(dSum / n)), c = splat(<f32>(hatSum / n));
  for (; n >= W; n -= W, x += STRIDE, gamma += STRIDE, dy += STRIDE, dx += STRIDE) {
    store(dx, inputGradient(subtractMean(load(x), mean, residual, inverse), load(dy), load(gamma), inverse, a, c));
  }
  if (n == 0) return;
  const hat = subtractMean(loadTail(x, n), mean, residual, inverse);
  storePartial(dx, inputGradient(hat, loadTail(dy, n), loadTail(gamma, n), inverse, a, c), n);
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
