// Optimizers: paths of PyTorch, segments, frozen parameters, parameter groups, state dicts.
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';
import { expectClose, type GoldenArray, golden } from './golden.ts';
import { createParameter } from './gradcheck.ts';

// Options of all optimizers and schedules.
// biome-ignore lint/suspicious/noExplicitAny: golden rows have options of all kinds
type Loose = any;

interface Row {
  name: string;
  optimizer: keyof typeof nn & string;
  options: object;
  /** Learning rates that begin at a later step. */
  changes: Record<string, number>;
  /** Parameters by index. Default: one group. */
  groups: ({ params: number[] } & object)[] | null;
  schedules: { kind: string; options: { factors: number[] } }[];
  /** Learning rate of each group, in each step. */
  rates?: number[][];
  /** All values after each step. */
  path: number[][];
}

interface Problem {
  tolerance: number;
  start: GoldenArray[];
  gradients: number[][];
  rows: Row[];
}

const groupProblem = { ...golden<Problem>('param-groups'), tolerance: 2e-6 };
const simple = golden<{ weight: GoldenArray; bias: GoldenArray; gradients: number[][]; rows: Loose[] }>('optimizers');
const simpleProblem: Problem = {
  tolerance: 1e-6,
  start: [simple.weight, simple.bias],
  gradients: simple.gradients,
  rows: simple.rows.map((row) => ({ ...row, changes: row.rates, rates: undefined, groups: null, schedules: [] })),
};
const problems = [simpleProblem, groupProblem].flatMap((problem) => problem.rows.map((row) => ({ ...row, problem })));

/** Matrices have weight decay, vectors do not. */
function createParameters({ start }: Problem, on = device): nn.Parameter[] {
  const parameters = start.map(({ shape }, index) => new nn.Parameter(`${index}`, shape, { decay: shape.length > 1 }));
  nn.allocateParameters(on, parameters);
  for (const [index, { value }] of parameters.entries()) value.data.set(start[index]?.data ?? []);
  return parameters;
}

function setGradients(parameters: nn.Parameter[], { gradients }: Problem, step: number): void {
  let offset = 0;
  for (const { grad, size } of parameters) {
    grad.data.set((gradients[step] as number[]).slice(offset, offset + size));
    offset += size;
  }
}

const allValues = (parameters: nn.Parameter[]) => parameters.flatMap(({ value }) => [...value.data]);

function createOptimizer({ optimizer, options, groups }: Row, parameters: nn.Parameter[]): nn.Optimizer {
  const listed = groups?.map((group) => ({ ...group, params: group.params.map((index) => parameters[index]) }));
  return new (nn as Loose)[optimizer](listed ?? parameters, options);
}

function createSchedule(optimizer: nn.Optimizer, { kind, options }: Row['schedules'][number]): nn.LRScheduler {
  const factor = (epoch: number) => options.factors[epoch] as number;
  return new (nn as Loose)[kind](optimizer, kind === 'LambdaLR' ? factor : options);
}

/** Runs a row; before step `interrupted` it creates everything again and loads the saved states. */
function run(row: (typeof problems)[number], interrupted = -1): Pick<Row, 'path' | 'rates'> {
  const { problem } = row;
  const parameters = createParameters(problem);
  let optimizer = createOptimizer(row, parameters);
  let schedules = row.schedules.map((each) => createSchedule(optimizer, each));
  const rates: number[][] = [];
  const path = row.path.map((_, step) => {
    if (step === interrupted) {
      const saved = structuredClone([optimizer.stateDict(), schedules.map((each) => each.stateDict())] as const);
      optimizer = createOptimizer(row, parameters);
      schedules = row.schedules.map((each) => createSchedule(optimizer, each));
      for (const [index, each] of schedules.entries()) each.loadStateDict(saved[1][index] as (typeof saved)[1][0]);
      optimizer.loadStateDict(saved[0]);
    }
    if (row.changes?.[step] !== undefined) optimizer.lr = row.changes[step] as number;
    setGradients(parameters, problem, step);
    rates.push(optimizer.paramGroups.map(({ lr }) => lr));
    optimizer.step();
    for (const each of schedules) each.step();
    return allValues(parameters);
  });
  return { path, rates };
}

describe('takes the path of PyTorch', () => {
  test.each(problems)('$name', (row) => {
    const { path, rates } = run(row);
    for (const [step, expected] of row.path.entries())
      expectClose(path[step] ?? [], expected, row.problem.tolerance, `step ${step}`);
    for (const [step, expected] of row.rates?.entries() ?? [])
      for (const [group, rate] of expected.entries()) expect(rates?.[step]?.[group]).toBeCloseTo(rate, 14);
  });
});

test.each(problems)('$name continues from its states to the same bits', (row) => {
  expect(run(row, 7)).toEqual(run(row));
});

const createSimpleParameters = () => createParameters(simpleProblem);
const linears = () =>
  new nn.Sequential([new nn.Linear(2, 3), new nn.Linear(3, 2)]).to(device, { inputShape: [2], batchSize: 1, seed: 3 });

// The names of the state are in files.
describe.each<[string, (parameters: nn.Parameter[]) => nn.Optimizer, state: string[]]>([
  ['SGD', (parameters) => new nn.SGD(parameters, { lr: 0.1 }), []],
  ['momentum', (parameters) => new nn.SGD(parameters, { lr: 0.1, momentum: 0.9, weightDecay: 0.1 }), ['velocity']],
  ['Adagrad', (parameters) => new nn.Adagrad(parameters), ['sumOfSquares']],
  ['RMSprop', (parameters) => new nn.RMSprop(parameters), ['meanSquare']],
  ['Adam', (parameters) => new nn.Adam(parameters, { lr: 0.1 }), ['mean', 'meanSquare']],
  ['AdamW', (parameters) => new nn.AdamW(parameters, { lr: 0.1 }), ['mean', 'meanSquare']],
])('%s', (_, build, names) => {
  test('`stateDict` is a copy, `state` is not', () => {
    const parameters = createSimpleParameters();
    const optimizer = build(parameters);
    const { tensors } = optimizer.state();
    const before = optimizer.stateDict();
    expect(Object.keys(before.tensors)).toEqual(names);
    setGradients(parameters, simpleProblem, 0);
    optimizer.step();
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(before.tensors[name]?.every((value) => value === 0)).toBe(true);
      expect(tensor.data.some((value) => value !== 0)).toBe(true);
    }
  });

  test('updates adjacent and separate parameters equally', () => {
    const parameters = linears().parameters();
    const separate = parameters.map(({ name, shape, value, decay }) =>
      createParameter(device, name, [...shape], [...value.data], decay),
    );
    for (const list of [parameters, separate]) {
      const optimizer = build(list);
      for (let step = 1; step <= 5; step++) {
        for (const { grad } of list) grad.data.fill(0.1 * step);
        optimizer.step();
      }
    }
    expect(allValues(parameters)).toEqual(allValues(separate));
  });
});

test('a step calls a kernel once per weight decay of adjacent parameters', () => {
  const calls: number[] = [];
  const kernels = { ...device.kernels, sgd: (n: number) => calls.push(n) & 0 };
  const model = new nn.Sequential([new nn.Linear(2, 3), new nn.Linear(3, 4)]);
  model.to({ ...device, kernels }, { inputShape: [2], batchSize: 1, seed: 1 });
  new nn.SGD(model.parameters(), { lr: 0.1 }).step();
  new nn.SGD(model.parameters(), { lr: 0.1, weightDecay: 0.1 }).step();
  new nn.SGD(model.parameters(), { lr: 0.1, weightDecay: 0.1, decayBiases: true }).step();
  expect(calls).toEqual([25, 18, 7, 25]);
});

describe('frozen parameters', () => {
  test('do not change', () => {
    const model = linears();
    for (const parameter of model.layers[0]?.parameters() ?? []) parameter.requiresGrad = false;
    const optimizer = new nn.Adam(model.parameters());
    model.grads.data.fill(1);
    const before = model.parameters().map(({ value }) => value.data.slice());
    optimizer.step();
    const hasChanged = model.parameters().map(({ value }, index) => value.data.join() !== before[index]?.join());
    expect([optimizer.size, hasChanged]).toEqual([8, [false, false, true, true]]);
  });

  test('keep their state until they are trained again', () => {
    const train = (isFrozen: (step: number) => boolean) => {
      const model = linears();
      const [weight] = model.parameters() as [nn.Parameter];
      const optimizer = new nn.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
      model.grads.data.fill(1);
      const values = [0, 1, 2].map((step) => {
        weight.requiresGrad = !isFrozen(step);
        optimizer.step();
        return weight.value.data[0];
      });
      return { values, others: (model.layers[1] as nn.Linear).weight.value.data.slice() };
    };
    const [always, interrupted] = [train(() => false), train((step) => step === 1)];
    expect(interrupted.values).toEqual([always.values[0], always.values[0], always.values[1]]);
    expect(interrupted.others).toEqual(always.others);
  });

  test('must stay frozen if they were at the creation of the optimizer', () => {
    const parameters = linears().parameters();
    const [weight] = parameters as [nn.Parameter];
    weight.requiresGrad = false;
    const optimizer = new nn.Adam(parameters);
    weight.requiresGrad = true;
    expect(() => optimizer.step()).toThrow('[Adam] expected 0.weight to stay frozen');
  });
});

test.each([0, 1, undefined])('`step` returns whether all parameters are finite, with ∞ in parameter %s', (infinite) => {
  const parameters = createSimpleParameters();
  for (const [index, { grad }] of parameters.entries())
    grad.data.fill(index === infinite ? Number.POSITIVE_INFINITY : 1);
  expect(new nn.SGD(parameters, { lr: 0.1, weightDecay: 0.1 }).step()).toBe(infinite === undefined);
});

test('`zeroGrad` sets the gradients of its parameters to 0', () => {
  const parameters = createSimpleParameters();
  setGradients(parameters, simpleProblem, 0);
  new nn.SGD(parameters.slice(0, 1), { lr: 1 }).zeroGrad();
  expect(parameters.map(({ grad }) => grad.data.some((gradient) => gradient !== 0))).toEqual([false, true]);
});

test('a state of Adam after 2,000 steps, with β₁ᵗ below float32, can be loaded', () => {
  const [optimizer, other] = [
    new nn.Adam(createSimpleParameters(), { lr: 0.3 }),
    new nn.Adam(createSimpleParameters()),
  ];
  for (let step = 0; step < 2_000; step++) optimizer.step();
  expect(optimizer.stateDict().scalars.beta1Power).toBeLessThan(1e-80);
  other.loadStateDict(optimizer.stateDict());
  expect(other.stateDict()).toEqual(optimizer.stateDict());
  expect(other.lr).toBe(0.3);
});

test('an option that is undefined has its default', () => {
  expect(new nn.AdamW(createSimpleParameters(), { weightDecay: undefined } as Loose).paramGroups[0]?.weightDecay).toBe(
    0.01,
  );
});

describe('parameter groups', () => {
  const all = () => createParameters(groupProblem);
  const two = (parameters = all()) => [{ params: parameters.slice(0, 2) }, { params: parameters.slice(2), lr: 0.01 }];

  test('have all options, of which only the learning rate can change', () => {
    const optimizer = new nn.Adam(two(), { lr: 0.1, weightDecay: 0.5 });
    const [first, second] = optimizer.paramGroups as Loose;
    expect([first.lr, first.weightDecay, first.beta1, first.params.length]).toEqual([0.1, 0.5, 0.9, 2]);
    second.lr = 0.02;
    expect([second.lr, second.weightDecay, optimizer.lr]).toEqual([0.02, 0.5, 0.1]);
    expect(() => Object.assign(second, { lr: -1 })).toThrow('[Adam] expected lr to be 0 or a number');
    expect(() => Object.assign(second, { weightDecay: 1 })).toThrow(TypeError);
    expect(() => Object.assign(optimizer, { lr: 0.3 })).toThrow('[Adam] expected lr to be set in each of paramGroups');
    expect(new nn.SGD([{ params: all(), lr: 0.1 }]).lr).toBe(0.1);
  });

  test('have their numbers in the state, which only the same groups load', () => {
    const optimizer = new nn.Adam(two(), { amsgrad: true });
    const state = optimizer.stateDict();
    const scalars = {
      beta1Power: 1,
      beta2Power: 1,
      size: 9,
      'beta1Power.1': 1,
      'beta2Power.1': 1,
      'lr.1': 0.01,
      'size.1': 8,
    };
    expect([state.lr, state.scalars]).toEqual([0.001, scalars]);
    expect(Object.keys(state.tensors)).toEqual(['mean', 'meanSquare', 'maxMeanSquare']);
    const load = (groups: Loose) => () => new nn.Adam(groups, { amsgrad: true }).loadStateDict(state);
    expect(load(all())).toThrow('[Optimizer] expected the scalars beta1Power, beta2Power but got');
    expect(load(two().reverse())).toThrow('[Optimizer] expected size, of a group, to be 8 but got 9');
    const schedule = new nn.StepLR(optimizer, { stepSize: 1 });
    expect(schedule.stateDict()).toEqual({ lastEpoch: 0, baseLr: 0.001, baseLrs: [0.001, 0.01] });
    expect(() => schedule.loadStateDict({ lastEpoch: 0, baseLr: 1 })).toThrow(
      'baseLrs of 2 parameter groups but got 1',
    );
  });
});
