// Normalisation down the columns in plain TypeScript.
import type { Kernels } from '../kernels.ts';
import type { Views } from './views.ts';

const { fround, sqrt } = Math;

type BatchNorm = Pick<Kernels, 'moments' | 'batchNorm' | 'batchNormBackward'>;

export function batchNorm(views: Views): BatchNorm {
  return {
    moments(m, n, x, mean, variance) {
      const { f32 } = views;
      const [p, a, v] = [x >>> 2, mean >>> 2, variance >>> 2];
      f32.fill(0, a, a + n).fill(0, v, v + n);
      for (let i = 0, q = p; i < m; i++, q += n) {
        for (let j = 0; j < n; j++) f32[a + j] = fround(f32[a + j] + f32[q + j]);
      }
      for (let j = 0; j < n; j++) f32[a + j] = fround(f32[a + j] / m);
      for (let i = 0, q = p; i < m; i++, q += n) {
        for (let j = 0; j < n; j++) {
          const d = fround(f32[q + j] - f32[a + j]);
          f32[v + j] = fround(fround(d * d) + f32[v + j]);
        }
      }
      for (let j = 0; j < n; j++) f32[v + j] = fround(f32[v + j] / m);
    },
    batchNorm(m, n, relu, eps, x, mean, variance, gamma, beta, out) {
      const { f32 } = views;
      const e = fround(eps);
      for (let j = 0; j < n; j++) {
        const average = f32[(mean >>> 2) + j];
        const scale = fround(f32[(gamma >>> 2) + j] / fround(sqrt(fround(f32[(variance >>> 2) + j] + e))));
        const shift = f32[(beta >>> 2) + j];
        for (let i = 0, p = (x >>> 2) + j, q = (out >>> 2) + j; i < m; i++, p += n, q += n) {
          const y = fround(fround(fround(f32[p] - average) * scale) + shift);
          f32[q] = relu !== 0 && y < 0 ? 0 : y;
        }
      }
    },
    batchNormBackward(m, n, batch, eps, x, mean, variance, gamma, dy, dGamma, dBeta, dx) {
      const { f32 } = views;
      const e = fround(eps);
      for (let j = 0; j < n; j++) {
        const average = f32[(mean >>> 2) + j];
        const root = fround(sqrt(fround(f32[(variance >>> 2) + j] + e)));
        let b = 0;
        let g = 0;
        for (let i = 0, p = (x >>> 2) + j, q = (dy >>> 2) + j; i < m; i++, p += n, q += n) {
          b = fround(b + f32[q]);
          g = fround(g + fround(f32[q] * fround(f32[p] - average)));
        }
        g = fround(g / root);
        f32[(dBeta >>> 2) + j] = b;
        f32[(dGamma >>> 2) + j] = g;
        const a = fround(f32[(gamma >>> 2) + j] / root);
        const c = batch === 0 ? 0 : fround(fround(g / root) / m);
        b = batch === 0 ? 0 : fround(b / m);
        for (let i = 0, p = (x >>> 2) + j, q = (dy >>> 2) + j, r = (dx >>> 2) + j; i < m; i++, p += n, q += n, r += n) {
          f32[r] = fround(a * fround(fround(f32[q] - b) - fround(fround(f32[p] - average) * c)));
        }
      }
    },
  };
}
