// Elementwise ops in plain TypeScript. Each op has its own loop: a loop that calls a function argument is several times
// slower.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';
import * as functions from './functions.ts';

const { fround } = Math;

export function elementwise(views: Views) {
  return {
    fill(n, value, out) {
      views.f32.fill(value, out >>> 2, (out >>> 2) + n);
    },
    scale(n, alpha, x, out) {
      const { f32 } = views;
      const c = fround(alpha);
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) f32[q + i] = fround(c * f32[p + i]);
    },
    axpy(n, alpha, x, y, out) {
      const { f32 } = views;
      const c = fround(alpha);
      for (let i = 0, p = x >>> 2, q = y >>> 2, r = out >>> 2; i < n; i++)
        f32[r + i] = fround(fround(c * f32[p + i]) + f32[q + i]);
    },
    clamp(n, low, high, x, out) {
      const { f32 } = views;
      const l = fround(low);
      const h = fround(high);
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++)
        // biome-ignore lint/complexity/useMathMinMax: Math.min and Math.max distinguish +0 and −0
        f32[q + i] = f32[p + i] < l ? l : f32[p + i] > h ? h : f32[p + i];
    },
    squaredErrorBackward(n, alpha, a, b, dx) {
      const { f32 } = views;
      const c = fround(alpha);
      for (let i = 0, p = a >>> 2, q = b >>> 2, r = dx >>> 2; i < n; i++)
        f32[r + i] = fround(fround(f32[p + i] - f32[q + i]) * c);
    },
    copy(n, x, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) f32[q + i] = f32[p + i];
    },
    exp(n, x, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) f32[q + i] = functions.exp(f32[p + i]);
    },
    log(n, x, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) f32[q + i] = functions.log(f32[p + i]);
    },
    tanh(n, x, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) f32[q + i] = functions.tanh(f32[p + i]);
    },
    sigmoid(n, x, out) {
      const { f32 } = views;
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) f32[q + i] = functions.sigmoid(f32[p + i]);
    },
    relu(n, x, out) {
      const { f32 } = views;
      // biome-ignore lint/complexity/useMathMinMax: Math.max(−0, 0) is +0
      for (let i = 0, p = x >>> 2, q = out >>> 2; i < n; i++) f32[q + i] = f32[p + i] < 0 ? 0 : f32[p + i];
    },
    add(n, a, b, out) {
      const { f32 } = views;
      for (let i = 0, p = a >>> 2, q = b >>> 2, r = out >>> 2; i < n; i++) f32[r + i] = fround(f32[p + i] + f32[q + i]);
    },
    sub(n, a, b, out) {
      const { f32 } = views;
      for (let i = 0, p = a >>> 2, q = b >>> 2, r = out >>> 2; i < n; i++) f32[r + i] = fround(f32[p + i] - f32[q + i]);
    },
    mul(n, a, b, out) {
      const { f32 } = views;
      for (let i = 0, p = a >>> 2, q = b >>> 2, r = out >>> 2; i < n; i++) f32[r + i] = fround(f32[p + i] * f32[q + i]);
    },
    sigmoidBackward(n, y, dy, dx) {
      const { f32 } = views;
      for (let i = 0, p = y >>> 2, q = dy >>> 2, r = dx >>> 2; i < n; i++)
        f32[r + i] = fround(fround(f32[q + i] * f32[p + i]) * fround(1 - f32[p + i]));
    },
    tanhBackward(n, y, dy, dx) {
      const { f32 } = views;
      for (let i = 0, p = y >>> 2, q = dy >>> 2, r = dx >>> 2; i < n; i++)
        f32[r + i] = fround(f32[q + i] * fround(1 - fround(f32[p + i] * f32[p + i])));
    },
    reluBackward(n, y, dy, dx) {
      const { f32 } = views;
      for (let i = 0, p = y >>> 2, q = dy >>> 2, r = dx >>> 2; i < n; i++)
        f32[r + i] = f32[p + i] <= 0 ? 0 : f32[q + i];
    },
    squaredError(n, a, b, out) {
      const { f32 } = views;
      for (let i = 0, p = a >>> 2, q = b >>> 2, r = out >>> 2; i < n; i++)
        f32[r + i] = fround(fround(f32[p + i] - f32[q + i]) * fround(f32[p + i] - f32[q + i]));
    },
  } satisfies Partial<Kernels>;
}
