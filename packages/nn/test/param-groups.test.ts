// Parameter groups and amsgrad: PyTorch's paths and rates, states that continue to the same bits, errors.
import { describe, expect, test } from 'vitest';
import { loadModel, saveModel } from '../src/formats/index.ts';
import {
  Adagrad,
  Adam,
  AdamW,
  allocateParameters,
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  Linear,
  LinearLR,
  type LRScheduler,
  MultiStepLR,
  type Optimizer,
  Parameter,
  type ParamGroupOptions,
  ReduceLROnPlateau,
  RMSprop,
  Sequential,
  SGD,
  StepLR,
} from '../src/index.ts';
import { device, devices } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';

// As JavaScript sees them: options of every optimizer.
// biome-ignore lint/suspicious/noExplicitAny: the golden rows have options of all kinds
type Loose = any;

interface Row {
  name: string;
  optimizer: keyof typeof optimizers;
  options: object;
  groups: ({ params: number[] } & object)[] | null;
  schedules: { kind: string; options: { factors: number[] } }[];
  rates: number[][];
  path: number[][];
}

const optimizers: Loose = { SGD, Adagrad, RMSprop, Adam, AdamW };
const schedulers: Loose = { StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR, LinearLR };
const { start, gradients, rows } = golden<{ start: GoldenArray[]; gradients: number[][]; rows: Row[] }>('param-groups');

/** Weights decay, biases do not, so they are apart in memory. */
function parametersOn(on: (typeof devices)[number]): Parameter[] {
  const parameters = start.map(({ shape }, index) => new Parameter(`${index}`, shape, { decay: shape.length > 1 }));
  allocateParameters(on, parameters);
  for (const [index, { value }] of parameters.entries()) value.data.set(start[index]?.data ?? []);
  return parameters;
}

function setGradients(parameters: Parameter[], step: number): void {
  let offset = 0;
  for (const { grad, size } of parameters) {
    grad.data.set((gradients[step] as number[]).slice(offset, offset + size));
    offset += size;
  }
}

function build({ optimizer, options, groups }: Row, parameters: Parameter[]): Optimizer {
  const listed = groups?.map((group) => ({ ...group, params: group.params.map((index) => parameters[index]) }));
  return new optimizers[optimizer](listed ?? parameters, options);
}

function schedule(optimizer: Optimizer, { kind, options }: Row['schedules'][number]): LRScheduler {
  if (kind === 'LambdaLR') return new LambdaLR(optimizer, (epoch) => options.factors[epoch] as number);
  return new schedulers[kind](optimizer, options);
}

/** What a step depends on, from one program to the next. */
interface Saved {
  optimizer: ReturnType<Optimizer['stateDict']>;
  schedules: ReturnType<LRScheduler['stateDict']>[];
}

/** The values after each step; at step `interrupted` all is built anew and continues from the saved states. */
function run(row: Row, on: (typeof devices)[number], interrupted = -1): { path: number[][]; rates: number[][] } {
  const parameters = parametersOn(on);
  let optimizer = build(row, parameters);
  let schedules = row.schedules.map((each) => schedule(optimizer, each));
  const rates: number[][] = [];
  const path = row.path.map((_, step) => {
    if (step === interrupted) {
      const saved: Saved = structuredClone({
        optimizer: optimizer.stateDict(),
        schedules: schedules.map((each) => each.stateDict()),
      });
      optimizer = build(row, parameters);
      schedules = row.schedules.map((each) => schedule(optimizer, each));
      for (const [index, each] of schedules.entries())
        each.loadStateDict(saved.schedules[index] as Saved['schedules'][0]);
      optimizer.loadStateDict(saved.optimizer);
    }
    setGradients(parameters, step);
    rates.push(optimizer.paramGroups.map(({ lr }) => lr));
    optimizer.step();
    for (const each of schedules) each.step();
    return parameters.flatMap(({ value }) => [...value.data]);
  });
  return { path, rates };
}

describe.each(devices)('$variant takes the path of PyTorch', (on) => {
  test.each(rows)('$name', (row) => {
    const { path, rates } = run(row, on);
    for (const [step, expected] of row.path.entries()) expectClose(path[step] ?? [], expected, 2e-6, `step ${step}`);
    for (const [step, expected] of row.rates.entries())
      for (const [group, rate] of expected.entries()) expect(rates[step]?.[group]).toBeCloseTo(rate, 14);
  });
});

test.each(rows)('continues from its states to the same bits: $name', (row) => {
  expect(run(row, device, 7)).toEqual(run(row, device));
});

test('all variants take the same path, bit for bit', () => {
  for (const row of rows.slice(0, 14)) {
    const [first, ...others] = devices.map((on) => run(row, on).path);
    for (const other of others) expect(other).toEqual(first);
  }
});

test('one group is a list of parameters: the same state, the same bits', () => {
  const [list, group] = [parametersOn(device), parametersOn(device)];
  const rules = [new Adam(list, { lr: 0.1 }), new Adam([{ params: group, lr: 0.1 }])];
  for (const [index, parameters] of [list, group].entries()) {
    setGradients(parameters, 0);
    rules[index]?.step();
  }
  const [a, b] = rules.map((rule) => rule.stateDict());
  expect(a).toEqual(b);
  expect(Object.keys(a?.scalars ?? {})).toEqual(['beta1Power', 'beta2Power']);
  expect(list.map(({ value }) => value.data)).toEqual(group.map(({ value }) => value.data));
});

const two = (parameters = parametersOn(device)): ParamGroupOptions[] => [
  { params: parameters.slice(0, 2) },
  { params: parameters.slice(2), lr: 0.01 },
];

test('a group shows its options; only its rates can be changed', () => {
  const optimizer = new Adam(two(), { lr: 0.1, weightDecay: 0.5 });
  const [first, second] = optimizer.paramGroups as Loose;
  expect([first.lr, first.weightDecay, first.beta1, first.params.length]).toEqual([0.1, 0.5, 0.9, 2]);
  expect([second.lr, second.weightDecay, optimizer.lr]).toEqual([0.01, 0.5, 0.1]);
  second.lr = 0.02;
  expect(second.lr).toBe(0.02);
  for (const wrong of [null, '0.1', -1, Number.NaN, 1e-50]) {
    expect(() => {
      second.lr = wrong;
    }).toThrow('[Adam] expected lr to be 0 or a number');
  }
  expect(() => {
    second.weightDecay = 1;
  }).toThrow(TypeError);
  expect(() => {
    optimizer.lr = 0.3;
  }).toThrow('[Adam] expected lr to be set in each of paramGroups');
});

test('a state of groups has the numbers of each, and fits the same groups alone', () => {
  const optimizer = new Adam(two(), { amsgrad: true });
  const { lr, scalars, tensors } = optimizer.stateDict();
  expect([lr, scalars, Object.keys(tensors)]).toEqual([
    0.001,
    { beta1Power: 1, beta2Power: 1, size: 9, 'beta1Power.1': 1, 'beta2Power.1': 1, 'lr.1': 0.01, 'size.1': 8 },
    ['mean', 'meanSquare', 'maxMeanSquare'],
  ]);
  const state = optimizer.stateDict();
  const others = [new Adam(parametersOn(device), { amsgrad: true }), new Adam(two().reverse(), { amsgrad: true })];
  expect(() => others[0]?.loadStateDict(state)).toThrow(
    '[Optimizer] expected the scalars beta1Power, beta2Power but got',
  );
  expect(() => others[1]?.loadStateDict(state)).toThrow('[Optimizer] expected size, of a group, to be 8 but got 9');
  const schedule = new StepLR(optimizer, { stepSize: 1 });
  expect(schedule.stateDict()).toEqual({ lastEpoch: 0, baseLr: 0.001, baseLrs: [0.001, 0.01] });
  expect(() => schedule.loadStateDict({ lastEpoch: 0, baseLr: 1 })).toThrow('baseLrs of 2 parameter groups but got 1');
});

test('training in groups continues from a safetensors file to the same bits', () => {
  const make = () => {
    const model = new Sequential([new Linear(4, 5), new Linear(5, 3)]);
    model.to(device, { inputShape: [4], batchSize: 2, seed: 1 });
    const [first, second] = model.layers as [Linear, Linear];
    const params = [first, second].map((layer) => layer.parameters()) as [Parameter[], Parameter[]];
    const optimizer = new AdamW([{ params: params[0], lr: 0.1, beta1: 0.5 }, { params: params[1] }], { amsgrad: true });
    return { model, optimizer };
  };
  const step = ({ model, optimizer }: ReturnType<typeof make>, from: number, to: number) => {
    for (let at = from; at < to; at++) {
      model.grads.data.forEach((_, index, grads) => {
        grads[index] = Math.fround(((37 * (index + at)) % 11) - 5);
      });
      optimizer.step();
    }
  };
  const [straight, resumed] = [make(), make()];
  step(straight, 0, 4);
  (straight.optimizer.paramGroups[1] as { lr: number }).lr = 0.05;
  loadModel(resumed.model, saveModel(straight.model, { optimizer: straight.optimizer }), {
    optimizer: resumed.optimizer,
  });
  for (const each of [straight, resumed]) step(each, 4, 8);
  expect(resumed.model.values.data).toEqual(straight.model.values.data);
  expect(resumed.optimizer.stateDict()).toEqual(straight.optimizer.stateDict());
});

test('a plateau lowers every group', () => {
  const optimizer = new SGD(two(), { lr: 0.1 });
  const plateau = new ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5, minLr: 0.008 });
  for (let epoch = 0; epoch < 3; epoch++) plateau.step(1);
  expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.025, 0.008]);
});

test('a rate that float32 rounds to 0 is 0', () => {
  const optimizer = new SGD(parametersOn(device), { lr: 0.1 });
  const schedule = new ExponentialLR(optimizer, { gamma: 1e-20 });
  const rates = [0, 1, 2].map(() => {
    schedule.step();
    return optimizer.lr;
  });
  expect(rates).toEqual([0.1 * 1e-20, 0.1 * 1e-20 * 1e-20, 0]);
});

test('a step calls a kernel once per group and decay of what is side by side', () => {
  const calls: number[][] = [];
  const sgd = (n: number, lr: number, decay: number) => calls.push([n, lr, decay]) & 0;
  const parameters = parametersOn({ ...device, kernels: { ...device.kernels, sgd } });
  new SGD(two(parameters), { lr: 0.5, weightDecay: 0.25 }).step();
  expect(calls).toEqual([
    [6, 0.5, 0.25],
    [6, 0.01, 0.25],
    [3, 0.5, 0],
    [2, 0.01, 0],
  ]);
});

test('a frozen group stays and the others learn', () => {
  const parameters = parametersOn(device);
  for (const parameter of parameters.slice(0, 2)) parameter.requiresGrad = false;
  const optimizer = new SGD(two(parameters), { lr: 0.1 });
  setGradients(parameters, 0);
  const before = parameters.map(({ value }) => value.data.slice());
  optimizer.step();
  const moved = parameters.map(({ value }, index) => value.data.join() !== before[index]?.join());
  expect([moved, optimizer.size]).toEqual([[false, false, true, true], 8]);
});

const parameters: Loose = parametersOn(device);
const [weight, bias] = parameters;
test.each<[string, (optimizer: Loose) => unknown, string]>([
  ['a parameter in two groups', (O) => new O([{ params: [weight] }, { params: [bias, weight] }], { lr: 1 }), '0 twice'],
  ['a parameter twice in one', (O) => new O([{ params: [weight, weight] }], { lr: 1 }), '0 twice'],
  ['an empty group', (O) => new O([{ params: [weight] }, { params: [] }], { lr: 1 }), 'but got none in group 1'],
  ['no groups', (O) => new O([], { lr: 1 }), 'expected parameters but got none'],
  ['groups beside parameters', (O) => new O([{ params: [weight] }, bias], { lr: 1 }), 'but got a Parameter'],
  ['an option of PyTorch', (O) => new O([{ params: [weight], weight_decay: 1 }], { lr: 1 }), 'but got weight_decay'],
  ['a tensor for params', (O) => new O([{ params: weight }], { lr: 1 }), 'but got a Parameter'],
  ['a rate as a string', (O) => new O([{ params: [weight], lr: '0.1' }], { lr: 1 }), 'expected lr to be'],
  ['a rate of null', (O) => new O([{ params: [weight], lr: null }], { lr: 1 }), 'expected lr to be'],
  [
    'weight decay of biases alone',
    (O) => new O([{ params: [weight] }, { params: [bias], weightDecay: 0.1 }], { lr: 1 }),
    'biases and norms alone, which do not decay; add decayBiases: true',
  ],
])('error: %s', (_, act, message) => {
  for (const [name, optimizer] of Object.entries(optimizers)) {
    expect(() => act(optimizer)).toThrow(`[${name}] expected`);
    expect(() => act(optimizer)).toThrow(message);
  }
});

test('error: options that only one optimizer has', () => {
  const groups = (options: object): Loose => [{ params: [weight], ...options }];
  expect(() => new SGD(groups({}))).toThrow('[SGD] expected lr to be 0 or a number');
  expect(new SGD(groups({ lr: 0.1 })).lr).toBe(0.1);
  expect(() => new SGD(groups({ nesterov: true }), { lr: 1 })).toThrow('a momentum above 0 with nesterov');
  expect(() => new Adam(groups({ beta1: 1 }))).toThrow('[Adam] expected beta1');
  expect(() => new AdamW(groups({ amsgrad: 1 }))).toThrow('[AdamW] expected amsgrad to be true or false but got 1');
  expect(() => new RMSprop(groups({ momentum: 0.9 }))).toThrow('[RMSprop] expected the options params, lr');
});
