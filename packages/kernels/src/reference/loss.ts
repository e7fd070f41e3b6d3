// Softmax cross-entropy in plain TypeScript.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';
import { exp, log } from './functions.ts';
import { max, sum, wideSum } from './reduce.ts';

const { fround } = Math;

/** Up to this many classes the exponentials are summed in float32. */
const FLOAT32_CLASSES = 16;

/** Stores the softmax of f32[p … p + n) at q. Returns Σ exp(x − maximum). */
function softmax(f32: Float32Array, n: number, maximum: number, p: number, q: number): number {
  for (let j = 0; j < n; j++) f32[q + j] = exp(fround(f32[p + j] - maximum));
  const s = n > FLOAT32_CLASSES ? fround(wideSum(f32, n, q)) : sum(f32, n, q);
  for (let j = 0; j < n; j++) f32[q + j] = fround(f32[q + j] / s);
  return s;
}

export function loss(views: Views) {
  return {
    softmaxCrossEntropy(m, n, x, labels, probabilities, losses) {
      const { f32, i32 } = views;
      for (let i = 0, p = x >>> 2, q = probabilities >>> 2; i < m; i++, p += n, q += n) {
        const maximum = max(f32, n, p);
        const atLabel = fround(f32[p + i32[(labels >>> 2) + i]] - maximum);
        const s = softmax(f32, n, maximum, p, q);
        f32[(losses >>> 2) + i] = fround(log(s) - atLabel);
      }
    },
    softmaxCrossEntropyBackward(m, n, probabilities, labels, dx) {
      const { f32, i32 } = views;
      for (let i = 0, p = probabilities >>> 2, q = dx >>> 2; i < m; i++, p += n, q += n) {
        const label = i32[(labels >>> 2) + i];
        const labelGradient = fround(fround(f32[p + label] - 1) / m);
        for (let j = 0; j < n; j++) f32[q + j] = fround(f32[p + j] / m);
        f32[q + label] = labelGradient;
      }
    },
    softCrossEntropy(m, n, x, targets, probabilities, losses) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = probabilities >>> 2, t = targets >>> 2; i < m; i++, p += n, q += n, t += n) {
        const maximum = max(f32, n, p);
        const logSum = log(softmax(f32, n, maximum, p, q));
        let loss = 0;
        for (let j = 0; j < n; j++) if (f32[t + j] !== 0) loss += f32[t + j] * (logSum - (f32[p + j] - maximum));
        f32[(losses >>> 2) + i] = fround(loss);
      }
    },
    softCrossEntropyBackward(m, n, probabilities, targets, gradients, dx) {
      const { f32 } = views;
      for (let i = 0, p = probabilities >>> 2, q = dx >>> 2, t = targets >>> 2; i < m; i++, p += n, q += n, t += n) {
        const gradient = f32[(gradients >>> 2) + i];
        let total = 0;
        for (let j = 0; j < n; j++) total += f32[t + j];
        for (let j = 0; j < n; j++) f32[q + j] = total === 0 ? 0 : fround((f32[p + j] * total - f32[t + j]) * gradient);
      }
    },
  } satisfies Partial<Kernels>;
}
