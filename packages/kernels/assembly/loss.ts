// Softmax cross-entropy, row by row.
import * as functions from './functions';
import { div, F32, firstElement, load, loadTail, splat, store, storeTail, STRIDE, sub, W } from './lane';
import { maxValue, sum, wideSumTerms } from './reduce';

@inline function exponentials(n: i32, x: usize, maximum: f32, out: usize): void {
  const g = splat(maximum);
  let i = 0;
  for (; i + W <= n; i += W, x += STRIDE, out += STRIDE) store(out, functions.exp(sub(load(x), g)));
  if (i < n) storeTail(out, functions.exp(sub(loadTail(x, n - i), g)), n - i);
}

@inline function divideBy(n: i32, divisor: f32, x: usize): void {
  const d = splat(divisor);
  let i = 0;
  for (; i + W <= n; i += W, x += STRIDE) store(x, div(load(x), d));
  if (i < n) storeTail(x, div(loadTail(x, n - i), d), n - i);
}

/** Up to this many classes the exponentials are summed in float32. */
const FLOAT32_CLASSES: i32 = 16;

/** Computes out = softmax(x). Subtracts the maximum, so no exponential overflows. Returns Σ exp(x − maximum). */
@inline function softmax(n: i32, x: usize, maximum: f32, out: usize): f32 {
  exponentials(n, x, maximum, out);
  const s = n > FLOAT32_CLASSES ? <f32>wideSumTerms(n, out, 0, false) : sum(n, out);
  divideBy(n, s, out);
  return s;
}

export function softmaxCrossEntropy(
  m: i32, n: i32, x: usize, labels: usize, probabilities: usize, losses: usize,
): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, x += row, probabilities += row, labels += 4, losses += 4) {
    const maximum = maxValue(n, x);
    const atLabel = f32.load(x + ((<usize>i32.load(labels)) << F32)) - maximum;
    const s = softmax(n, x, maximum, probabilities);
    f32.store(losses, firstElement(functions.log(splat(s))) - atLabel);
  }
}

export function softmaxCrossEntropyBackward(m: i32, n: i32, probabilities: usize, labels: usize, dx: usize): void {
  const row = (<usize>n) << F32;
  const count = <f32>m;
  for (let i = 0; i < m; i++, probabilities += row, dx += row, labels += 4) {
    const at = (<usize>i32.load(labels)) << F32;
    const labelGradient = (f32.load(probabilities + at) - 1) / count;
    for (let j: usize = 0; j < row; j += 4) f32.store(dx + j, f32.load(probabilities + j) / count);
    f32.store(dx + at, labelGradient);
  }
}

export function softCrossEntropy(m: i32, n: i32, x: usize, targets: usize, probabilities: usize, losses: usize): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, x += row, targets += row, probabilities += row, losses += 4) {
    const maximum = maxValue(n, x);
    const logSum = <f64>firstElement(functions.log(splat(softmax(n, x, maximum, probabilities))));
    let loss: f64 = 0;
    for (let j: usize = 0; j < row; j += 4) {
      const t = f32.load(targets + j);
      if (t != 0) loss += <f64>t * (logSum - (<f64>f32.load(x + j) - <f64>maximum));
    }
    f32.store(losses, <f32>loss);
  }
}

export function softCrossEntropyBackward(
  m: i32, n: i32, probabilities: usize, targets: usize, gradients: usize, dx: usize,
): void {
  const row = (<usize>n) << F32;
  for (let i = 0; i < m; i++, probabilities += row, targets += row, gradients += 4, dx += row) {
    const gradient = <f64>f32.load(gradients);
    let total: f64 = 0;
    for (let j: usize = 0; j < row; j += 4) total += <f64>f32.load(targets + j);
    for (let j: usize = 0; j < row; j += 4) {
      const d = (<f64>f32.load(probabilities + j) * total - <f64>f32.load(targets + j)) * gradient;
      f32.store(dx + j, total == 0 ? 0 : <f32>d);
    }
  }
}
