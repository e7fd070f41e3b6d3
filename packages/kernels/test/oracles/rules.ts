// Update rules.

import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import { at, type Expected, type Oracle, plain, size, table } from './oracle.ts';

const { abs, max, sqrt } = Math;

/** A rule's new tensors from its old ones and g′, element by element. */
const rule = (f: (g: number, c: Sizes, old: (name: string) => number) => Record<string, Expected>): Oracle => ({
  of: (s, c, inputs) => {
    const rows = table(size(s, 'n'), (i) => {
      const old = (name: string) => at(inputs[name], i);
      return f(old('g') + (c.weightDecay ?? 0) * old('w'), c, old);
    });
    const names = Object.keys(rows[0] ?? {});
    const columns = names.map((name) => [name, rows.map((row) => row[name] as Expected)]);
    return { ...Object.fromEntries(columns), returned: [plain(1)] };
  },
  units: () => 24,
});
const adam = (
  g: number,
  c: Sizes,
  old: (name: string) => number,
  w: number,
  vMax = 0,
): Record<'w' | 'm' | 'v', Expected> => {
  const { beta1, beta2, stepSize, rescale, eps } = c as Record<string, number> as Record<
    'beta1' | 'beta2' | 'stepSize' | 'rescale' | 'eps',
    number
  >;
  const m = beta1 * old('m') + (1 - beta1) * g;
  const v = beta2 * old('v') + (1 - beta2) * g * g;
  const scale = sqrt(max(v, vMax)) * rescale + eps;
  const change = (stepSize * m) / scale;
  const slack = (abs(stepSize) * (abs(beta1 * old('m')) + abs((1 - beta1) * g))) / scale;
  return {
    w: [w - change, abs(w) + slack],
    m: [m, abs(beta1 * old('m')) + abs(g)],
    v: [v, abs(old('v')) + g * g],
  };
};
const positive = (i: number): number => 0.25 + (i % 7) / 3;

export const rules = {
  sgd: rule((g, c, old) => ({ w: [old('w') - (c.lr as number) * g, abs(old('w')) + abs((c.lr as number) * g)] })),
  momentum: rule((g, c, old) => {
    const v = (c.mu as number) * old('v') + g;
    const slack = abs((c.mu as number) * old('v')) + abs(g);
    return { w: [old('w') - (c.lr as number) * v, abs(old('w')) + (c.lr as number) * slack], v: [v, slack] };
  }),
  nesterov: rule((g, c, old) => {
    const v = (c.mu as number) * old('v') + g;
    const slack = abs((c.mu as number) * old('v')) + 2 * abs(g);
    return {
      w: [old('w') - (c.lr as number) * (g + (c.mu as number) * v), abs(old('w')) + (c.lr as number) * slack],
      v: [v, slack],
    };
  }),
  adagrad: {
    ...rule((g, c, old) => {
      const h = old('h') + g * g;
      const change = ((c.lr as number) * g) / (sqrt(h) + (c.eps as number));
      return { w: [old('w') - change, abs(old('w')) + abs(change)], h: [h, h] };
    }),
    inputs: { h: positive },
  },
  rmsprop: {
    ...rule((g, c, old) => {
      const s = (c.alpha as number) * old('s') + (1 - (c.alpha as number)) * g * g;
      const change = ((c.lr as number) * g) / (sqrt(s) + (c.eps as number));
      return { w: [old('w') - change, abs(old('w')) + abs(change)], s: [s, s] };
    }),
    inputs: { s: positive },
  },
  adam: { ...rule((g, c, old) => adam(g, c, old, old('w'))), inputs: { v: positive } },
  amsgrad: {
    ...rule((g, c, old) => {
      const next = adam(g, c, old, old('w') * (c.shrink as number), old('vMax'));
      return { ...next, vMax: [max(next.v[0], old('vMax')), next.v[1] + old('vMax')] };
    }),
    inputs: { v: positive, vMax: (i) => 0.5 + (i % 5) / 4 },
  },
  adamw: { ...rule((g, c, old) => adam(g, c, old, old('w') * (c.shrink as number))), inputs: { v: positive } },
} satisfies Partial<Record<keyof Kernels, Oracle>>;
