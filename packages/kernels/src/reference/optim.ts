// Update rules in plain TypeScript. x × 0 is NaN if x is infinite or NaN, so the sum of these products (`finiteMask`)
// is NaN if any parameter has diverged.
import type { Kernels } from '../ops.ts';
import type { Views } from '../runtime/memory.ts';

const { fround, sqrt } = Math;

/** Returns g′ = g + weightDecay × w. */
function addWeightDecay(g: number, w: number, weightDecay: number): number {
  return weightDecay === 0 ? g : fround(fround(weightDecay * w) + g);
}

export function optim(views: Views) {
  /** `vMax` is 0 except for AMSGrad. */
  const amsgrad: Kernels['amsgrad'] = (n, stepSize, beta1, beta2, scale, eps, decay, factor, g, w, m, v, vMax) => {
    const { f32 } = views;
    const [rate, b1, b2, c] = [fround(stepSize), fround(beta1), fround(beta2), fround(scale)];
    const [e, lambda, s] = [fround(eps), fround(decay), fround(factor)];
    const [rest1, rest2] = [fround(1 - b1), fround(1 - b2)];
    let finiteMask = 0;
    for (let i = 0, p = w >>> 2, q = g >>> 2, r = m >>> 2, t = v >>> 2; i < n; i++) {
      const d = addWeightDecay(f32[q + i], f32[p + i], lambda);
      const first = fround(fround(b1 * f32[r + i]) + fround(rest1 * d));
      const second = fround(fround(b2 * f32[t + i]) + fround(rest2 * fround(d * d)));
      f32[r + i] = first;
      f32[t + i] = second;
      const u = (vMax >>> 2) + i;
      if (vMax !== 0 && f32[u] < second) f32[u] = second;
      const largest = vMax === 0 ? second : f32[u];
      const denominator = fround(fround(fround(sqrt(largest)) * c) + e);
      const next = fround(fround(s * f32[p + i]) - fround(fround(rate * first) / denominator));
      f32[p + i] = next;
      finiteMask += next * 0;
    }
    return finiteMask === 0 ? 1 : 0;
  };
  return {
    sgd(n, lr, weightDecay, g, w) {
      const { f32 } = views;
      const [rate, decay] = [fround(lr), fround(weightDecay)];
      let finiteMask = 0;
      for (let i = 0, p = w >>> 2, q = g >>> 2; i < n; i++) {
        const next = fround(f32[p + i] - fround(rate * addWeightDecay(f32[q + i], f32[p + i], decay)));
        f32[p + i] = next;
        finiteMask += next * 0;
      }
      return finiteMask === 0 ? 1 : 0;
    },
    momentum(n, lr, mu, weightDecay, g, w, v) {
      const { f32 } = views;
      const [rate, keep, decay] = [fround(lr), fround(mu), fround(weightDecay)];
      let finiteMask = 0;
      for (let i = 0, p = w >>> 2, q = g >>> 2, r = v >>> 2; i < n; i++) {
        const velocity = fround(fround(keep * f32[r + i]) + addWeightDecay(f32[q + i], f32[p + i], decay));
        f32[r + i] = velocity;
        const next = fround(f32[p + i] - fround(rate * velocity));
        f32[p + i] = next;
        finiteMask += next * 0;
      }
      return finiteMask === 0 ? 1 : 0;
    },
    nesterov(n, lr, mu, weightDecay, g, w, v) {
      const { f32 } = views;
      const [rate, keep, decay] = [fround(lr), fround(mu), fround(weightDecay)];
      let finiteMask = 0;
      for (let i = 0, p = w >>> 2, q = g >>> 2, r = v >>> 2; i < n; i++) {
        const d = addWeightDecay(f32[q + i], f32[p + i], decay);
        const velocity = fround(fround(keep * f32[r + i]) + d);
        f32[r + i] = velocity;
        const next = fround(f32[p + i] - fround(rate * fround(fround(keep * velocity) + d)));
        f32[p + i] = next;
        finiteMask += next * 0;
      }
      return finiteMask === 0 ? 1 : 0;
    },
    adagrad(n, lr, eps, weightDecay, g, w, h) {
      const { f32 } = views;
      const [rate, e, decay] = [fround(lr), fround(eps), fround(weightDecay)];
      let finiteMask = 0;
      for (let i = 0, p = w >>> 2, q = g >>> 2, r = h >>> 2; i < n; i++) {
        const d = addWeightDecay(f32[q + i], f32[p + i], decay);
        const squares = fround(fround(d * d) + f32[r + i]);
        f32[r + i] = squares;
        const next = fround(f32[p + i] - fround(fround(rate * d) / fround(fround(sqrt(squares)) + e)));
        f32[p + i] = next;
        finiteMask += next * 0;
      }
      return finiteMask === 0 ? 1 : 0;
    },
    rmsprop(n, lr, alpha, eps, weightDecay, g, w, s) {
      const { f32 } = views;
      const [rate, keep, e, decay] = [fround(lr), fround(alpha), fround(eps), fround(weightDecay)];
      const rest = fround(1 - keep);
      let finiteMask = 0;
      for (let i = 0, p = w >>> 2, q = g >>> 2, r = s >>> 2; i < n; i++) {
        const d = addWeightDecay(f32[q + i], f32[p + i], decay);
        const average = fround(fround(keep * f32[r + i]) + fround(rest * fround(d * d)));
        f32[r + i] = average;
        const next = fround(f32[p + i] - fround(fround(rate * d) / fround(fround(sqrt(average)) + e)));
        f32[p + i] = next;
        finiteMask += next * 0;
      }
      return finiteMask === 0 ? 1 : 0;
    },
    adam: (n, stepSize, beta1, beta2, vHatScale, eps, weightDecay, g, w, m, v) =>
      amsgrad(n, stepSize, beta1, beta2, vHatScale, eps, weightDecay, 1, g, w, m, v, 0),
    adamw: (n, stepSize, beta1, beta2, vHatScale, eps, decayFactor, g, w, m, v) =>
      amsgrad(n, stepSize, beta1, beta2, vHatScale, eps, 0, decayFactor, g, w, m, v, 0),
    amsgrad,
  } satisfies Partial<Kernels>;
}
