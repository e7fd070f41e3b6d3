// Update rules in plain TypeScript.
import type { Kernels } from '../kernels.ts';
import type { Views } from './views.ts';

const { fround, sqrt } = Math;

type Optim = Pick<Kernels, 'sgd' | 'momentum' | 'nesterov' | 'adagrad' | 'rmsprop' | 'adam' | 'adamw'>;

/** g′ = g + weightDecay × w. */
function decayed(g: number, w: number, weightDecay: number): number {
  return weightDecay === 0 ? g : fround(fround(weightDecay * w) + g);
}

export function optim(views: Views): Optim {
  return {
    sgd(n, lr, weightDecay, g, w) {
      const { f32 } = views;
      const [rate, decay] = [fround(lr), fround(weightDecay)];
      for (let i = 0, p = w >>> 2, q = g >>> 2; i < n; i++) {
        f32[p + i] = fround(f32[p + i] - fround(rate * decayed(f32[q + i], f32[p + i], decay)));
      }
    },
    momentum(n, lr, mu, weightDecay, g, w, v) {
      const { f32 } = views;
      const [rate, keep, decay] = [fround(lr), fround(mu), fround(weightDecay)];
      for (let i = 0, p = w >>> 2, q = g >>> 2, r = v >>> 2; i < n; i++) {
        const velocity = fround(fround(keep * f32[r + i]) + decayed(f32[q + i], f32[p + i], decay));
        f32[r + i] = velocity;
        f32[p + i] = fround(f32[p + i] - fround(rate * velocity));
      }
    },
    nesterov(n, lr, mu, weightDecay, g, w, v) {
      const { f32 } = views;
      const [rate, keep, decay] = [fround(lr), fround(mu), fround(weightDecay)];
      for (let i = 0, p = w >>> 2, q = g >>> 2, r = v >>> 2; i < n; i++) {
        const d = decayed(f32[q + i], f32[p + i], decay);
        const velocity = fround(fround(keep * f32[r + i]) + d);
        f32[r + i] = velocity;
        f32[p + i] = fround(f32[p + i] - fround(rate * fround(fround(keep * velocity) + d)));
      }
    },
    adagrad(n, lr, eps, weightDecay, g, w, h) {
      const { f32 } = views;
      const [rate, e, decay] = [fround(lr), fround(eps), fround(weightDecay)];
      for (let i = 0, p = w >>> 2, q = g >>> 2, r = h >>> 2; i < n; i++) {
        const d = decayed(f32[q + i], f32[p + i], decay);
        const squares = fround(fround(d * d) + f32[r + i]);
        f32[r + i] = squares;
        f32[p + i] = fround(f32[p + i] - fround(fround(rate * d) / fround(fround(sqrt(squares)) + e)));
      }
    },
    rmsprop(n, lr, alpha, eps, weightDecay, g, w, s) {
      const { f32 } = views;
      const [rate, keep, e, decay] = [fround(lr), fround(alpha), fround(eps), fround(weightDecay)];
      const rest = fround(1 - keep);
      for (let i = 0, p = w >>> 2, q = g >>> 2, r = s >>> 2; i < n; i++) {
        const d = decayed(f32[q + i], f32[p + i], decay);
        const average = fround(fround(keep * f32[r + i]) + fround(rest * fround(d * d)));
        f32[r + i] = average;
        f32[p + i] = fround(f32[p + i] - fround(fround(rate * d) / fround(fround(sqrt(average)) + e)));
      }
    },
    adam(n, stepSize, beta1, beta2, correction, eps, weightDecay, g, w, m, v) {
      adamPass(views.f32, n, stepSize, beta1, beta2, correction, eps, weightDecay, 1, g, w, m, v);
    },
    adamw(n, stepSize, beta1, beta2, correction, eps, shrink, g, w, m, v) {
      adamPass(views.f32, n, stepSize, beta1, beta2, correction, eps, 0, shrink, g, w, m, v);
    },
  };
}

function adamPass(
  f32: Float32Array, n: number, stepSize: number, beta1: number, beta2: number, correction: number, eps: number,
  weightDecay: number, shrink: number, g: number, w: number, m: number, v: number,
): void {
  const [rate, b1, b2, c] = [fround(stepSize), fround(beta1), fround(beta2), fround(correction)];
  const [e, decay, s] = [fround(eps), fround(weightDecay), fround(shrink)];
  const [rest1, rest2] = [fround(1 - b1), fround(1 - b2)];
  for (let i = 0, p = w >>> 2, q = g >>> 2, r = m >>> 2, t = v >>> 2; i < n; i++) {
    const d = decayed(f32[q + i], f32[p + i], decay);
    const first = fround(fround(b1 * f32[r + i]) + fround(rest1 * d));
    const second = fround(fround(b2 * f32[t + i]) + fround(rest2 * fround(d * d)));
    f32[r + i] = first;
    f32[t + i] = second;
    const denominator = fround(fround(fround(sqrt(second)) / c) + e);
    f32[p + i] = fround(fround(s * f32[p + i]) - fround(fround(rate * first) / denominator));
  }
}
