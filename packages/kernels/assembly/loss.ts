// Softmax cross-entropy, a row at a time.
import * as functions from './functions';
import { div, F32, load, loadTail, STRIDE, splat, store, storeTail, sub, W } from './lane';
import { maxOf, sum, wideSum } from './reduce';

// @ts-ignore: decorator
@inline function exponentials(n: i32, x: usize, maxInWindow: f32, out: usize): void {
  const g = splat(maxInWindow);
  let i = 0;
  for (; i + W <= n; i += W, x += STRIDE, out += STRIDE) store(out, functions.exp(sub(load(x), g)));
  if (i < n) storeTail(out, functions.exp(sub(loadTail(x, n - i), g)), n - i);
}

// @ts-ignore: decorator
@inline function divideBy(n: i32, divisor: f32, x: usize): void {
  const d = splat(divisor);
  let i = 0;
  for (; i + W <= n; i += W, x += STRIDE) store(x, div(load(x), d));
  if (i < n) storeTail(x, div(loadTail(x, n - i), d), n - i);
}

// @ts-ignore: decorator
@inline function first(x: Lane): f32 {
  if (ASC_FEATURE_SIMD) return f32x4.extract_lane(x, 0);
  else return x;
}

/** Classes whose exponentials are summed in float32. */
const FLOAT32_CLASSES: i32 = 16;

/** softmax(x) into out; returns Σ exp(x − maxInWindow). */
// @ts-ignore: decorator
@inline function softmax(n: i32, x: usize, maxInWindow: f32, out: usize): f32 {
  exponentials(n, x, maxInWindow, out);
  const s = n > FLOAT32_CLASSES ? <f32>wideSum(n, out, 0, false) : sum(n, out);
  divideBy(n, s, out);
  return s;
}

export function softmaxCrossEntropy(m: i32, n: i32, x: usize, labels: usize, probabilities: usize, losses: usize): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, x += row, probabilities += row, labels += 4, losses += 4) {
    const maxInWindow = maxOf(n, x);
    const atLabel = f32.load(x + ((<usize>i32.load(labels)) << F32)) - maxInWindow;
    const s = softmax(n, x, maxInWindow, probabilities);
    f32.store(losses, first(functions.log(splat(s))) - atLabel);
  }
}

export function softmaxCrossEntropyBackward(m: i32, n: i32, probabilities: usize, labels: usize, dx: usize): void {
  const row = (<usize>n) << F32;
  const count = <f32>m;
  for (let i = 0; i < m; i++, probabilities += row, dx += row, labels += 4) {
    const at = (<usize>i32.load(labels)) << F32;
    const right = (f32.load(probabilities + at) - 1) / count;
    for (let j: usize = 0; j < row; j += 4) f32.store(dx + j, f32.load(probabilities + j) / count);
    f32.store(dx + at, right);
  }
}

export function softCrossEntropy(m: i32, n: i32, x: usize, targets: usize, probabilities: usize, losses: usize): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, x += row, targets += row, probabilities += row, losses += 4) {
    const maxInWindow = maxOf(n, x);
    const logSum = <f64>first(functions.log(splat(softmax(n, x, maxInWindow, probabilities))));
    let loss: f64 = 0;
    for (let j: usize = 0; j < row; j += 4) {
      const t = f32.load(targets + j);
      if (t != 0) loss += <f64>t * (logSum - (<f64>f32.load(x + j) - <f64>maxInWindow));
    }
    f32.store(losses, <f32>loss);
  }
}

export function softCrossEntropyBackward(m: i32, n: i32, probabilities: usize, targets: usize, gradients: usize, dx: usize): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, probabilities += row, targets += row, gradients += 4, dx += row) {
    const gradient = <f64>f32.load(gradients);
    let total: f64 = 0;
    for (let j: usize = 0; j < row; j += 4) total += <f64>f32.load(targets + j);
    for (let j: usize = 0; j < row; j += 4) {
      const slope = (<f64>f32.load(probabilities + j) * total - <f64>f32.load(targets + j)) * gradient;
      f32.store(dx + j, total == 0 ? 0 : <f32>slope);
    }
  }
}
