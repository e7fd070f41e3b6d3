// Optimizers: PyTorch's paths, segments, state dicts.
import { describe, expect, test } from 'vitest';
import {
  Adagrad,
  Adam,
  AdamW,
  type Device,
  Linear,
  type Optimizer,
  type Parameter,
  RMSprop,
  Sequential,
  SGD,
} from '../src/index.ts';
import { device, devices } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { parameterOf } from './gradcheck.ts';

interface Row {
  name: string;
  optimizer: keyof typeof optimizers;
  options: { lr: number };
  /** Learning rates that begin at a later step. */
  rates: Record<string, number>;
  /** Weight and bias after each step. */
  path: number[][];
}

const optimizers = { SGD, Adagrad, RMSprop, Adam, AdamW };
const { weight, bias, gradients, rows } = golden<{
  weight: GoldenArray;
  bias: GoldenArray;
  gradients: number[][];
  rows: Row[];
}>('optimizers');

function parametersOf(device: Device): Parameter[] {
  return [
    parameterOf(device, 'weight', weight.shape, weight.data, true),
    parameterOf(device, 'bias', bias.shape, bias.data, false),
  ];
}

function setGradients(parameters: Parameter[], step: number): void {
  const gradient = gradients[step] as number[];
  let offset = 0;
  for (const { grad, size } of parameters) {
    grad.data.set(gradient.slice(offset, offset + size));
    offset += size;
  }
}

function valuesOf(parameters: Parameter[]): number[] {
  return parameters.flatMap(({ value }) => [...value.data]);
}

describe.each(devices)('$variant takes the path of PyTorch', (device) => {
  test.each(rows)('$name', ({ optimizer, options, rates, path }) => {
    const parameters = parametersOf(device);
    const rule: Optimizer = new optimizers[optimizer](parameters, options);
    for (const [step, expected] of path.entries()) {
      rule.lr = rates[step] ?? rule.lr;
      setGradients(parameters, step);
      rule.step();
      expectClose(valuesOf(parameters), expected, 1e-6, `step ${step}`);
    }
  });
});

test('every option of a golden row matters', () => {
  const ends = rows.map(({ path }) => (path.at(-1) as number[]).join());
  expect(new Set(ends).size).toBe(rows.length);
});

const stateful: [string, (parameters: Parameter[]) => Optimizer][] = [
  ['SGD', (parameters) => new SGD(parameters, { lr: 0.1 })],
  ['Momentum', (parameters) => new SGD(parameters, { lr: 0.1, momentum: 0.9, weightDecay: 0.1 })],
  ['Nesterov', (parameters) => new SGD(parameters, { lr: 0.1, momentum: 0.9, nesterov: true })],
  ['Adagrad', (parameters) => new Adagrad(parameters)],
  ['RMSprop', (parameters) => new RMSprop(parameters)],
  ['Adam', (parameters) => new Adam(parameters, { lr: 0.1 })],
  ['AdamW', (parameters) => new AdamW(parameters, { lr: 0.1 })],
];

describe.each(stateful)('%s', (_, build) => {
  test('goes on from a state dict as if nothing had happened', () => {
    const run = (interrupted: boolean): number[] => {
      const parameters = parametersOf(device);
      let rule = build(parameters);
      for (let step = 0; step < gradients.length; step++) {
        if (interrupted && step === 7) {
          const state = structuredClone(rule.stateDict());
          rule = build(parameters);
          rule.loadStateDict(state);
        }
        setGradients(parameters, step);
        rule.step();
      }
      return valuesOf(parameters);
    };
    expect(run(true)).toEqual(run(false));
  });

  test('a state dict is a copy, the state is not', () => {
    const parameters = parametersOf(device);
    const rule = build(parameters);
    const { tensors } = rule.state();
    const before = rule.stateDict();
    setGradients(parameters, 0);
    rule.step();
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(before.tensors[name]?.every((value) => value === 0)).toBe(true);
      expect(tensor.data.some((value) => value !== 0)).toBe(true);
    }
  });

  test('moves joined and scattered parameters alike', () => {
    const model = new Sequential([new Linear(2, 3), new Linear(3, 2)]);
    model.to(device, { inputShape: [2], batchSize: 1, seed: 3 });
    const scattered = model
      .parameters()
      .map(({ name, shape, value, decay }) => parameterOf(device, name, [...shape], [...value.data], decay));
    const rules = [build(model.parameters()), build(scattered)];
    for (let step = 0; step < 5; step++) {
      for (const [index, parameter] of model.parameters().entries()) {
        parameter.grad.data.fill(0.1 * (step + 1));
        scattered[index]?.grad.data.fill(0.1 * (step + 1));
      }
      for (const rule of rules) rule.step();
    }
    expect(valuesOf(model.parameters())).toEqual(valuesOf(scattered));
  });
});

test('parameters side by side take one kernel call for each kind of decay', () => {
  const calls: number[] = [];
  const kernels = { ...device.kernels, sgd: (n: number) => calls.push(n) & 0 };
  const model = new Sequential([new Linear(2, 3), new Linear(3, 4)]);
  model.to({ ...device, kernels }, { inputShape: [2], batchSize: 1, seed: 1 });
  new SGD(model.parameters(), { lr: 0.1 }).step();
  new SGD(model.parameters(), { lr: 0.1, weightDecay: 0.1 }).step();
  new SGD(model.parameters(), { lr: 0.1, weightDecay: 0.1, decayBiases: true }).step();
  expect(calls).toEqual([25, 18, 7, 25]);
});

test('what does not learn stays as it is', () => {
  const model = new Sequential([new Linear(2, 3), new Linear(3, 2)]);
  model.to(device, { inputShape: [2], batchSize: 1, seed: 1 });
  for (const parameter of model.layers[0]?.parameters() ?? []) parameter.requiresGrad = false;
  const optimizer = new Adam(model.parameters());
  expect(optimizer.size).toBe(8);
  model.grads.data.fill(1);
  const before = model.parameters().map(({ value }) => value.data.slice());
  optimizer.step();
  const moved = model.parameters().map(({ value }, index) => value.data.join() !== before[index]?.join());
  expect(moved).toEqual([false, false, true, true]);
});

test('what is frozen between two steps stays, and goes on with its own state when it may learn again', () => {
  const run = (frozen: (step: number) => boolean) => {
    const model = new Sequential([new Linear(2, 3), new Linear(3, 2)]);
    model.to(device, { inputShape: [2], batchSize: 1, seed: 1 });
    const [weight] = model.parameters() as [Parameter];
    const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
    model.grads.data.fill(1);
    const values = [0, 1, 2].map((step) => {
      weight.requiresGrad = !frozen(step);
      optimizer.step();
      return weight.value.data[0] as number;
    });
    return { values, rest: (model.layers[1] as Linear).weight.value.data.slice() };
  };
  const [always, interrupted] = [run(() => false), run((step) => step === 1)];
  expect(interrupted.values[1]).toBe(interrupted.values[0]);
  expect(interrupted.values[2]).toBe(always.values[1]);
  expect(interrupted.rest).toEqual(always.rest);
});

test('what was frozen when an optimizer was made is not taken up by it', () => {
  const model = new Sequential([new Linear(2, 3), new Linear(3, 2)]);
  model.to(device, { inputShape: [2], batchSize: 1, seed: 1 });
  const [weight] = model.parameters() as [Parameter];
  weight.requiresGrad = false;
  const optimizer = new Adam(model.parameters());
  weight.requiresGrad = true;
  expect(() => optimizer.step()).toThrow('[Adam] expected 0.weight to stay frozen, as when the optimizer was made');
});

test.each([
  ['the first', 0],
  ['the last', 1],
  ['no', undefined],
] as const)('a step says whether all is finite still: %s parameter goes', (_, gone) => {
  const parameters = parametersOf(device);
  for (const [index, { grad }] of parameters.entries()) grad.data.fill(index === gone ? Number.POSITIVE_INFINITY : 1);
  expect(new SGD(parameters, { lr: 0.1, weightDecay: 0.1 }).step()).toBe(gone === undefined);
});

test.each([
  ['SGD', []],
  ['Adagrad', ['sumOfSquares']],
  ['RMSprop', ['meanSquare']],
  ['Adam', ['mean', 'meanSquare']],
  ['AdamW', ['mean', 'meanSquare']],
] as const)('%s keeps %j under names that files rely on', (name, tensors) => {
  const state = new optimizers[name](parametersOf(device), { lr: 0.1 }).stateDict();
  expect(Object.keys(state.tensors)).toEqual(tensors);
});

test('SGD with momentum keeps velocity', () => {
  const { tensors } = new SGD(parametersOf(device), { lr: 0.1, momentum: 0.9 }).stateDict();
  expect(Object.keys(tensors)).toEqual(['velocity']);
});

test('zeroGrad clears the gradients of its parameters', () => {
  const parameters = parametersOf(device);
  setGradients(parameters, 0);
  new SGD(parameters.slice(0, 1), { lr: 1 }).zeroGrad();
  expect(parameters.map(({ grad }) => grad.data.some((gradient) => gradient !== 0))).toEqual([false, true]);
});

test('a state of Adam loads after 2,000 steps, when β₁ᵗ is smaller than any float32', () => {
  const rule = new Adam(parametersOf(device));
  for (let step = 0; step < 2_000; step++) rule.step();
  const { scalars } = rule.stateDict();
  expect(scalars.beta1Power).toBeLessThan(1e-80);
  const other = new Adam(parametersOf(device));
  other.loadStateDict(rule.stateDict());
  expect(other.stateDict().scalars).toEqual(scalars);
});

test('a state dict brings the learning rate', () => {
  const saved = new SGD(parametersOf(device), { lr: 0.3 }).stateDict();
  const rule = new SGD(parametersOf(device), { lr: 0.1 });
  rule.loadStateDict(saved);
  expect(rule.lr).toBe(0.3);
});

const parameters = parametersOf(device);
const errors: [string, () => unknown, string][] = [
  ['no parameters', () => new SGD([], { lr: 0.1 }), '[SGD] expected parameters but got none'],
  ['parameters without memory', () => new SGD(new Linear(1, 1).parameters(), { lr: 1 }), 'call model.to(device'],
  ['negative lr', () => new SGD(parameters, { lr: -0.1 }), '[SGD] expected lr to be 0 or a number from 1.4e-45'],
  ['lr not a number', () => new Adam(parameters, { lr: Number.NaN }), '[Adam] expected lr'],
  ['negative decay', () => new AdamW(parameters, { weightDecay: -1 }), '[AdamW] expected weightDecay'],
  ['negative momentum', () => new SGD(parameters, { lr: 1, momentum: -1 }), '[SGD] expected momentum'],
  ['nesterov alone', () => new SGD(parameters, { lr: 1, nesterov: true }), '[SGD] expected a momentum above 0'],
  ['negative eps', () => new Adagrad(parameters, { eps: -1 }), '[Adagrad] expected eps'],
  [
    'alpha of 1',
    () => new RMSprop(parameters, { alpha: 1 }),
    '[RMSprop] expected alpha to be at least 0 and less than 1',
  ],
  ['beta1 of 1', () => new Adam(parameters, { beta1: 1 }), '[Adam] expected beta1'],
  ['negative beta2', () => new AdamW(parameters, { beta2: -0.1 }), '[AdamW] expected beta2'],
  [
    'another optimizer’s state',
    () => new Adam(parameters).loadStateDict(new Adagrad(parameters).stateDict()),
    '[Optimizer] expected the tensors mean, meanSquare but got sumOfSquares',
  ],
  [
    'another model’s state',
    () => new Adagrad(parameters).loadStateDict(new Adagrad([parameters[0] as Parameter]).stateDict()),
    '[Optimizer] expected 8 numbers of sumOfSquares but got 6',
  ],
];

test.each(errors)('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
