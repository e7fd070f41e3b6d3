// Errors compared with float64 over wide ranges: within bounds, and not greater than those of PyTorch's float32 on the same inputs.
import { loadDevice } from '@descent/kernels';
import { describe, expect, test } from 'vitest';
import { gelu, geluSlope } from '../../../test/oracles/math.ts';
import { BatchNorm1d, CrossEntropyLoss, GELU, type Layer, LayerNorm, Linear, MSELoss, Tensor } from '../src/index.ts';
import { golden } from './golden.ts';
import { allocateLayer } from './gradcheck.ts';

type Errors = Record<string, number | null>;
type Results = Record<string, readonly [got: ArrayLike<number>, want: ArrayLike<number>, magnitude?: number]>;
type Row = [name: string, inputs: (number | string)[], errors: Errors];

const { abs, exp, fround, log, max, sqrt } = Math;
const device = await loadDevice({ bytes: 2 ** 24 });
const [ROWS, COLUMNS, EPS] = [4, 8, 1e-5];

/** The same as `numbers` of test-data/generate_accuracy.py. */
function words(count: number, seed: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => {
    const s = (Math.imul(i + 1, 0x9e3779b9) + seed) | 0;
    const t = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
    const u = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return u ^ (u >>> 15);
  });
}

/** Returns scale × (offset + u), u in [−2, 2). */
const numbers = (count: number, seed: number, offset = 0, scale = 1): Float32Array =>
  Float32Array.from(words(count, seed), (word) => (offset + (word / 2 ** 30 - 2)) * scale);
const tensor = (data: Float32Array, ...shape: number[]) => Tensor.from(device, data, shape);
const sum = (count: number, term: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
};

/** Returns the maximal error in units of 2⁻²⁴ of a magnitude, by default of the maximal element. Beyond float32, ∞ has no error. */
function error([got, want, magnitude]: Results[string]): number {
  let [worst, greatest] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    const [a, b] = [got[i] as number, want[i] as number];
    greatest = max(greatest, abs(b));
    if (a !== (Number.isFinite(fround(b)) ? b : fround(b)) && !(abs(a - b) <= worst)) worst = abs(a - b);
  }
  return worst && (worst / (magnitude ?? greatest)) * 2 ** 24;
}

/** Returns y, dx, dγ and dβ of groups of n numbers, with γ = 1 and β = 0. */
function norm(layer: LayerNorm | BatchNorm1d, groups: number, n: number, x: Float32Array, dy: Float32Array): Results {
  const across = layer instanceof BatchNorm1d;
  const at = (group: number, i: number) => (across ? i * groups + group : group * n + i);
  const [y, dx] = [new Float64Array(x.length), new Float64Array(x.length)];
  const [means, variances] = [new Float64Array(groups), new Float64Array(groups)];
  const width = across ? groups : n;
  const [dGamma, dBeta] = [new Float64Array(width), new Float64Array(width)];
  let terms = 0;
  for (let g = 0; g < groups; g++) {
    const mean = sum(n, (i) => x[at(g, i)] as number) / n;
    const variance = sum(n, (i) => ((x[at(g, i)] as number) - mean) ** 2) / n;
    const inverse = 1 / sqrt(variance + EPS);
    const hat = (i: number) => ((x[at(g, i)] as number) - mean) * inverse;
    const d = (i: number) => dy[at(g, i)] as number;
    const [a, c] = [sum(n, d) / n, sum(n, (i) => d(i) * hat(i)) / n];
    for (let i = 0; i < n; i++) {
      y[at(g, i)] = hat(i);
      dx[at(g, i)] = inverse * (d(i) - a - hat(i) * c);
      terms = max(terms, abs(inverse * d(i)));
      (dGamma[across ? g : i] as number) += d(i) * hat(i);
      (dBeta[across ? g : i] as number) += d(i);
    }
    [means[g], variances[g]] = [0.1 * mean, 0.9 + (0.1 * variance * n) / (n - 1)];
  }
  const shape = across ? [n, groups] : [groups, n];
  const on = allocateLayer(layer, device, shape.slice(1), shape[0] as number);
  const found: Results = {
    y: [on.forward(tensor(x, ...shape)).data.slice(), y],
    dx: [(on.backward(tensor(dy, ...shape)) as Tensor).data, dx, terms],
    dGamma: [layer.weight?.grad.data ?? [], dGamma],
    dBeta: [layer.bias?.grad.data ?? [], dBeta],
  };
  if (!across) return found;
  const [mean, variance] = layer.buffers().map(({ value }) => value.data) as [Float32Array, Float32Array];
  return { ...found, running_mean: [mean, means], running_var: [variance, variances] };
}

function crossEntropy(batch: number, n: number, x: Float32Array): Results {
  const labels = Int32Array.from(words(batch, 7), (word) => word % n);
  const [p, dx] = [new Float64Array(x.length), new Float64Array(x.length)];
  const losses = sum(batch, (row) => {
    const logits = x.subarray(row * n, (row + 1) * n);
    const greatest = logits.reduce((a, b) => max(a, b));
    const total = sum(n, (j) => exp((logits[j] as number) - greatest));
    for (let j = 0; j < n; j++) {
      p[row * n + j] = exp((logits[j] as number) - greatest) / total;
      dx[row * n + j] = ((p[row * n + j] as number) - (labels[row] === j ? 1 : 0)) / batch;
    }
    return log(total) - ((logits[labels[row] as number] as number) - greatest);
  });
  const loss = new CrossEntropyLoss().allocate(device, n, batch);
  const mean = loss.forward(tensor(x, batch, n), Tensor.from(device, labels, [batch], 'int32'));
  return {
    loss: [[mean], [losses / batch], 1 + losses / batch],
    dx: [loss.backward().data, dx, 1 / batch],
    softmax: [loss.probabilities.data, p],
  };
}

function squaredError(batch: number, n: number, x: Float32Array, target: Float32Array): Results {
  const loss = new MSELoss().allocate(device, n, batch);
  const mean = loss.forward(tensor(x, batch, n), tensor(target, batch, n));
  const difference = (i: number) => (x[i] as number) - (target[i] as number);
  const want = sum(x.length, (i) => difference(i) ** 2) / x.length;
  return {
    loss: [[mean], [want]],
    dx: [loss.backward().data, Float64Array.from(x, (_, i) => (2 * difference(i)) / x.length)],
  };
}

function biasGradient(batch: number, dy: Float32Array): Results {
  const layer = new Linear(1, COLUMNS);
  allocateLayer(layer, device, [1], batch);
  layer.forward(Tensor.zeros(device, [batch, 1]));
  layer.backward(tensor(dy, batch, COLUMNS));
  const want = Float64Array.from({ length: COLUMNS }, (_, j) => sum(batch, (i) => dy[i * COLUMNS + j] as number));
  return { dBias: [layer.bias?.grad.data ?? [], want] };
}

function activation(approximate: 'none' | 'tanh', x: Float32Array): Results {
  const layer: Layer = allocateLayer(new GELU({ approximate }), device, [1], x.length);
  const y = layer.forward(tensor(x, x.length, 1)).data.slice();
  const dx = layer.backward(tensor(new Float32Array(x.length).fill(1), x.length, 1)) as Tensor;
  const over = (f: typeof gelu) => Float64Array.from(x, (value) => f(value, approximate === 'tanh'));
  return { y: [y, over(gelu)], dx: [dx.data, over(geluSlope)] };
}

function greatest(layer: LayerNorm | BatchNorm1d, groups: number, n: number, value: number): Results {
  const { y } = norm(layer, groups, n, new Float32Array(groups * n).fill(value), new Float32Array(groups * n));
  return { greatest: [y?.[0] ?? [], new Float64Array(groups * n), 2 ** 24] };
}

const computed: Record<string, (inputs: number[]) => Results> = {
  LayerNorm: ([n, offset, scale]) =>
    norm(new LayerNorm(n), ROWS, n, numbers(ROWS * n, n, offset, scale), numbers(ROWS * n, n + 1, 0.25)),
  BatchNorm1d: ([n, offset, scale]) =>
    norm(
      new BatchNorm1d(COLUMNS),
      COLUMNS,
      n,
      numbers(COLUMNS * n, n, offset, scale),
      numbers(COLUMNS * n, n + 1, 0.25),
    ),
  'LayerNorm of one number': ([n, value]) => greatest(new LayerNorm(n), ROWS, n, value),
  'BatchNorm1d of one number': ([n, value]) => greatest(new BatchNorm1d(COLUMNS), COLUMNS, n, value),
  CrossEntropyLoss: ([batch, n, offset, scale]) => crossEntropy(batch, n, numbers(batch * n, n, offset, scale)),
  MSELoss: ([batch, n, offset, scale]) =>
    squaredError(batch, n, numbers(batch * n, 1, offset, scale), numbers(batch * n, 2, 0, scale)),
  'bias gradient': ([batch, offset, scale]) => biasGradient(batch, numbers(batch * COLUMNS, batch, offset, scale)),
  GELU: ([approximate, offset, scale]) => activation(approximate as never, numbers(4096, 3, offset, scale)),
};

// The bounds of docs/kernels.md, in units of 2⁻²⁴. An ulp has one or two.
const norms = { y: 4, dx: 4, dGamma: 4, dBeta: 2, running_mean: 2, running_var: 2 };
const bounds: Record<string, Record<string, number>> = {
  LayerNorm: norms,
  BatchNorm1d: norms,
  'LayerNorm of one number': { greatest: 0 },
  'BatchNorm1d of one number': { greatest: 0 },
  CrossEntropyLoss: { loss: 2, dx: 3, softmax: 3 },
  MSELoss: { loss: 1, dx: 2 },
  'bias gradient': { dBias: 2 },
  GELU: { y: 1.2, dx: 1.2 },
};
/** Sums over up to 1024 rows are float32, because the digests of experiments without a norm depend on it. */
const float32Sums: Record<string, number> = { loss: 7, dBias: 22 };
/** Units that an output may be worse than PyTorch's by chance. */
const SLACK = 2;

describe.each(Object.keys(computed))('%s', (name) => {
  const rows = golden<Row[]>('accuracy').filter(([each]) => each === name);
  test.each(rows)('%s of %j is within its bound, and at most 2 units worse than PyTorch', (_, inputs, theirs) => {
    const mark = device.arena.mark();
    const isShort = name !== 'MSELoss' && (inputs[0] as number) <= 1024;
    for (const [output, found] of Object.entries(computed[name]?.(inputs as number[]) ?? {})) {
      const short = isShort ? float32Sums[output] : undefined;
      const ours = error(found);
      expect(ours, output).toBeLessThanOrEqual(short ?? (bounds[name]?.[output] as number));
      if (short === undefined)
        expect(ours, `${output} of PyTorch`).toBeLessThanOrEqual((theirs[output] ?? Infinity) + SLACK);
    }
    device.arena.release(mark);
  });
});
