// Update rules.
import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import { type Expected, exact, type Oracle, positive, table } from './oracle.ts';

const { abs, max, sqrt } = Math;

type Tensors = Readonly<Record<string, number>>;

/** An update rule, element by element: returns new tensors from g′ and the old tensors. */
const rule = (
  f: (g: number, values: Sizes, old: Tensors) => Record<string, Expected>,
  inputs: Oracle['inputs'] = {},
): Oracle => ({
  of: (values, arrays) => {
    const rows = table(values.n, (i) => {
      const old = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array[i]]));
      return f(old.g + (values.weightDecay ?? 0) * old.w, values, old);
    });
    const columns = Object.keys(rows[0]).map((name) => [name, rows.map((row) => row[name])]);
    return { ...Object.fromEntries(columns), returned: [exact(1)] };
  },
  units: () => 24,
  inputs,
});

function adam(g: number, values: Sizes, old: Tensors, w: number, vMax = 0): Record<'w' | 'm' | 'v', Expected> {
  const { beta1, beta2, stepSize, vHatScale, eps } = values;
  const m = beta1 * old.m + (1 - beta1) * g;
  const v = beta2 * old.v + (1 - beta2) * g * g;
  const denominator = sqrt(max(v, vMax)) * vHatScale + eps;
  const slack = (abs(stepSize) * (abs(beta1 * old.m) + abs((1 - beta1) * g))) / denominator;
  return {
    w: [w - (stepSize * m) / denominator, abs(w) + slack],
    m: [m, abs(beta1 * old.m) + abs(g)],
    v: [v, abs(old.v) + g * g],
  };
}

export const rules = {
  sgd: rule((g, { lr }, old) => ({ w: [old.w - lr * g, abs(old.w) + abs(lr * g)] })),
  momentum: rule((g, { lr, mu }, old) => {
    const v = mu * old.v + g;
    const slack = abs(mu * old.v) + abs(g);
    return { w: [old.w - lr * v, abs(old.w) + lr * slack], v: [v, slack] };
  }),
  nesterov: rule((g, { lr, mu }, old) => {
    const v = mu * old.v + g;
    const slack = abs(mu * old.v) + 2 * abs(g);
    return { w: [old.w - lr * (g + mu * v), abs(old.w) + lr * slack], v: [v, slack] };
  }),
  adagrad: rule(
    (g, { lr, eps }, old) => {
      const h = old.h + g * g;
      const change = (lr * g) / (sqrt(h) + eps);
      return { w: [old.w - change, abs(old.w) + abs(change)], h: [h, h] };
    },
    { h: positive },
  ),
  rmsprop: rule(
    (g, { lr, alpha, eps }, old) => {
      const s = alpha * old.s + (1 - alpha) * g * g;
      const change = (lr * g) / (sqrt(s) + eps);
      return { w: [old.w - change, abs(old.w) + abs(change)], s: [s, s] };
    },
    { s: positive },
  ),
  adam: rule((g, values, old) => adam(g, values, old, old.w), { v: positive }),
  adamw: rule((g, values, old) => adam(g, values, old, old.w * values.decayFactor), { v: positive }),
  amsgrad: rule(
    (g, values, old) => {
      const next = adam(g, values, old, old.w * values.decayFactor, old.vMax);
      return { ...next, vMax: [max(next.v[0], old.vMax), next.v[1] + old.vMax] };
    },
    { v: positive, vMax: (i) => 0.5 + (i % 5) / 4 },
  ),
} satisfies Partial<Record<keyof Kernels, Oracle>>;
