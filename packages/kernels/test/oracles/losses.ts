// Losses, and what is made of data.

import type { Sizes } from '../../src/op-specs.ts';
import type { Kernels } from '../../src/ops.ts';
import { at, few, type Inputs, type Oracle, pair, plain, size, sum, table, whole } from './oracle.ts';

const { abs, exp, fround, log, max } = Math;

const label = { labels: (i: number) => i };
const softmax = (s: Sizes, { x }: Inputs, row: number): number[] => {
  const n = size(s, 'n');
  const logits = table(n, (j) => at(x, row * n + j));
  const greatest = max(...logits);
  const total = sum(n, (j) => exp((logits[j] as number) - greatest))[0];
  return logits.map((logit) => exp(logit - greatest) / total);
};

export const losses = {
  softmaxCrossEntropy: {
    of: (s, _, inputs) => {
      const n = size(s, 'n');
      const rows = table(size(s, 'm'), (i) => softmax(s, inputs, i));
      return {
        probabilities: rows.flat().map((p) => [p, max(p, 1e-6)] as const),
        losses: rows.map((row, i) => {
          const p = row[at(inputs.labels, i)] as number;
          return [-log(p), 1 + abs(log(p)) + abs(at(inputs.x, i * n))] as const;
        }),
      };
    },
    units: (s) => 2 * size(s, 'n') + 64,
    inputs: label,
  },
  softmaxCrossEntropyBackward: {
    of: (s, _, { p, labels }) => {
      const [m, n] = [size(s, 'm'), size(s, 'n')];
      return {
        dx: table(m * n, (i) => {
          const hot = at(labels, Math.floor(i / n)) === i % n ? 1 : 0;
          return [(at(p, i) - hot) / m, (abs(at(p, i)) + hot) / m];
        }),
      };
    },
    ...few,
    inputs: label,
  },
  softCrossEntropy: {
    of: (s, _, inputs) => {
      const [n, rows] = [size(s, 'n'), table(size(s, 'm'), (i) => softmax(s, inputs, i))];
      return {
        probabilities: rows.flat().map((p) => [p, max(p, 1e-6)] as const),
        losses: rows.map((row, i) => {
          const t = (j: number) => at(inputs.targets, i * n + j);
          const [value, magnitude] = sum(n, (j) => -t(j) * log(row[j] as number));
          return [value, magnitude + sum(n, (j) => t(j) * (1 + abs(at(inputs.x, i * n + j))))[1]];
        }),
      };
    },
    units: (s) => size(s, 'n') + 64,
  },
  softCrossEntropyBackward: {
    of: (s, _, { p, targets, gradients }) => ({
      dx: table(size(s, 'm') * size(s, 'n'), (k) => {
        const [n, i] = [size(s, 'n'), Math.floor(k / size(s, 'n'))];
        const [t, gradient] = [at(targets, k), at(gradients, i)];
        const all = at(p, k) * sum(n, (j) => at(targets, i * n + j))[0];
        return [(all - t) * gradient, (abs(all) + t) * abs(gradient)];
      }),
    }),
    ...few,
  },
  squaredError: pair('out', ['a', 'b'], (a, b) => [(a - b) ** 2, (abs(a) + abs(b)) ** 2], { ...few, ...whole }),
  squaredErrorBackward: pair(
    'dx',
    ['a', 'b'],
    (a, b, c) => [(a - b) * (c.alpha as number), (abs(a) + abs(b)) * (c.alpha as number)],
    few,
  ),
  gatherBytes: {
    of: (s, c, { table: bytes, indices }) => ({
      out: table(size(s, 'm') * size(s, 'n'), (i) => {
        const n = size(s, 'n');
        return plain(fround(at(bytes, at(indices, Math.floor(i / n)) * n + (i % n)) / (c.divisor as number)));
      }),
    }),
  },
  gatherRows: {
    of: (s, _, { table: rows, indices }) => ({
      out: table(size(s, 'm') * size(s, 'n'), (i) => {
        const n = size(s, 'n');
        return plain(at(rows, at(indices, Math.floor(i / n)) * n + (i % n)));
      }),
    }),
  },
  gatherLabels: {
    of: (s, _, { table: bytes, indices }) => ({ out: table(size(s, 'm'), (i) => plain(at(bytes, at(indices, i)))) }),
  },
} satisfies Partial<Record<keyof Kernels, Oracle>>;
