// Batch normalization in plain TypeScript. Statistics are computed in float64 and rounded once; `residual` is the
// rounding error of the mean.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';
import { BLOCK } from './reduce.ts';

const { fround, sqrt } = Math;

export function batchNorm(views: Views) {
  return {
    moments(m, n, eps, x, mean, residual, variance, inverse) {
      const { f32 } = views;
      const e = fround(eps);
      for (let j = 0; j < n; j++) {
        const p = (x >>> 2) + j;
        let average = 0;
        for (let i = 0; i < m; i++) average += f32[p + i * n];
        average /= m;
        let v = 0;
        for (let i = 0; i < m; i++) v += (f32[p + i * n] - average) * (f32[p + i * n] - average);
        v /= m;
        f32[(mean >>> 2) + j] = average;
        f32[(residual >>> 2) + j] = average - fround(average);
        f32[(variance >>> 2) + j] = v;
        f32[(inverse >>> 2) + j] = 1 / sqrt(v + e);
      }
    },
    inverseStd(n, eps, variance, out) {
      const { f32 } = views;
      for (let i = 0; i < n; i++) f32[(out >>> 2) + i] = 1 / sqrt(f32[(variance >>> 2) + i] + fround(eps));
    },
    updateRunning(n, momentum, factor, batch, running) {
      const { f32 } = views;
      const [kept, added] = [1 - momentum, momentum * factor];
      for (let i = 0, p = batch >>> 2, q = running >>> 2; i < n; i++, p++, q++) f32[q] = kept * f32[q] + added * f32[p];
    },
    batchNorm(m, n, relu, x, mean, residual, inverse, gamma, beta, out) {
      const { f32 } = views;
      for (let j = 0; j < n; j++) {
        const average = f32[(mean >>> 2) + j];
        const scale = fround(f32[(gamma >>> 2) + j] * f32[(inverse >>> 2) + j]);
        let shift = f32[(beta >>> 2) + j];
        if (residual !== 0) shift = fround(shift - fround(f32[(residual >>> 2) + j] * scale));
        for (let i = 0, p = (x >>> 2) + j, q = (out >>> 2) + j; i < m; i++, p += n, q += n) {
          const y = fround(fround(fround(f32[p] - average) * scale) + shift);
          f32[q] = relu !== 0 && y < 0 ? 0 : y;
        }
      }
    },
    batchNormBackward(m, n, batch, x, mean, residual, inverse, gamma, dy, dGamma, dBeta, dx) {
      const { f32 } = views;
      for (let j = 0; j < n; j++) {
        const [average, root] = [f32[(mean >>> 2) + j], f32[(inverse >>> 2) + j]];
        const left = residual === 0 ? 0 : f32[(residual >>> 2) + j];
        const [p, q, r] = [(x >>> 2) + j, (dy >>> 2) + j, (dx >>> 2) + j];
        let b = 0;
        let g = 0;
        for (let i = 0; i < m; i += BLOCK) {
          let [bs, gs] = [0, 0];
          for (let k = i; k < m && k < i + BLOCK; k++) {
            bs = fround(bs + f32[q + k * n]);
            gs = fround(gs + fround(f32[q + k * n] * fround(f32[p + k * n] - average)));
          }
          b += bs;
          g += gs;
        }
        g = (g - b * left) * root;
        f32[(dBeta >>> 2) + j] = b;
        f32[(dGamma >>> 2) + j] = g;
        const a = fround(f32[(gamma >>> 2) + j] * root);
        const slope = batch === 0 ? 0 : (g * root) / m;
        const shift = batch === 0 ? 0 : fround(b / m - left * slope);
        for (let k = 0; k < m * n; k += n) {
          f32[r + k] = fround(
            a * fround(fround(f32[q + k] - shift) - fround(fround(f32[p + k] - average) * fround(slope))),
          );
        }
      }
    },
  } satisfies Partial<Kernels>;
}
