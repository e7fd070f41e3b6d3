// Losses, and batches gathered from a data set.
import type { Kernels } from '../../src/ops.ts';
import { type Arrays, binary, exact, fewUnits, grid, type Oracle, polynomial, sum, table } from './oracle.ts';

const { abs, exp, fround, log, max } = Math;

function softmax(n: number, { x }: Arrays, row: number): number[] {
  const logits = table(n, (j) => x[row * n + j]);
  const maximum = max(...logits);
  const [total] = sum(n, (j) => exp(logits[j] - maximum));
  return logits.map((logit) => exp(logit - maximum) / total);
}

export const losses = {
  softmaxCrossEntropy: {
    of: ({ m, n }, inputs) => {
      const rows = table(m, (i) => softmax(n, inputs, i));
      return {
        probabilities: rows.flat().map((p) => [p, max(p, 1e-6)]),
        losses: rows.map((row, i) => {
          const loss = -log(row[inputs.labels[i]]);
          return [loss, 1 + abs(loss) + abs(inputs.x[i * n])];
        }),
      };
    },
    units: ({ n }) => 2 * n + 64,
  },
  softmaxCrossEntropyBackward: {
    of: ({ m, n }, { probabilities, labels }) => ({
      dx: grid(m, n, (i, j) => {
        const [p, target] = [probabilities[i * n + j], labels[i] === j ? 1 : 0];
        return [(p - target) / m, (abs(p) + target) / m];
      }),
    }),
    ...fewUnits,
  },
  softCrossEntropy: {
    of: ({ m, n }, inputs) => {
      const rows = table(m, (i) => softmax(n, inputs, i));
      return {
        probabilities: rows.flat().map((p) => [p, max(p, 1e-6)]),
        losses: rows.map((row, i) => {
          const t = (j: number) => inputs.targets[i * n + j];
          const [value, magnitude] = sum(n, (j) => -t(j) * log(row[j]));
          return [value, magnitude + sum(n, (j) => t(j) * (1 + abs(inputs.x[i * n + j])))[1]];
        }),
      };
    },
    units: ({ n }) => n + 64,
  },
  softCrossEntropyBackward: {
    of: ({ m, n }, { probabilities, targets, gradients }) => ({
      dx: grid(m, n, (i, j) => {
        const t = targets[i * n + j];
        const scaled = probabilities[i * n + j] * sum(n, (l) => targets[i * n + l])[0];
        return [(scaled - t) * gradients[i], (abs(scaled) + t) * abs(gradients[i])];
      }),
    }),
    ...fewUnits,
  },
  squaredError: binary(['a', 'b'], (a, b) => [(a - b) * (a - b), (abs(a) + abs(b)) * (abs(a) + abs(b))], {
    ...fewUnits,
    ...polynomial,
  }),
  squaredErrorBackward: {
    of: ({ n, alpha }, { a, b }) => ({ dx: table(n, (i) => [(a[i] - b[i]) * alpha, (abs(a[i]) + abs(b[i])) * alpha]) }),
    ...fewUnits,
  },
  gatherBytes: {
    of: ({ m, n, divisor }, { table: bytes, indices }) => ({
      out: grid(m, n, (i, j) => exact(fround(bytes[indices[i] * n + j] / divisor))),
    }),
  },
  gatherRows: {
    of: ({ m, n }, { table: rows, indices }) => ({ out: grid(m, n, (i, j) => exact(rows[indices[i] * n + j])) }),
  },
  gatherLabels: { of: ({ m }, { table: bytes, indices }) => ({ out: table(m, (i) => exact(bytes[indices[i]])) }) },
} satisfies Partial<Record<keyof Kernels, Oracle>>;
