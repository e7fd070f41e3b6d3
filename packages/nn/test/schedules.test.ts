// Schedules: learning rates of PyTorch, states, the exact cosine.
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { exactCosine } from '../src/schedules/cosine.ts';
import { device } from './devices.ts';
import { golden } from './golden.ts';
import { createParameter } from './gradcheck.ts';

// Options of all schedules.
// biome-ignore lint/suspicious/noExplicitAny: golden rows have options of all kinds
type Loose = any;

interface Row {
  name: string;
  lr: number;
  schedules: { kind: string; options: Loose }[];
  /** Of a sequence; schedules without milestones are chained. */
  milestones?: number[];
  rates: number[];
}

interface PlateauRow {
  name: string;
  lr: number;
  options: nn.ReduceLROnPlateauOptions;
  measures: (number | null)[];
  rates: number[];
}

const rows = golden<{
  chained: Row[];
  inTurn: Row[];
  cosines: [t: number, half: number, value: number][];
  plateau: PlateauRow[];
}>('schedules');

function createOptimizer(lr = 0.1): nn.Optimizer {
  return new nn.SGD([createParameter(device, 'weight', [1], [0], true)], { lr });
}

function createSchedule(optimizer: nn.Optimizer, { kind, options }: Row['schedules'][number]): nn.LRScheduler {
  const factor = (epoch: number) => options.factors[epoch];
  return new (nn as Loose)[kind](optimizer, kind === 'LambdaLR' ? factor : options);
}

/** Returns the initial rate, then that after each epoch. */
function collectRates(optimizer: nn.Optimizer, epochs: number, step: (epoch: number) => void): number[] {
  const rates = [optimizer.lr];
  for (let epoch = 0; epoch < epochs; epoch++) {
    step(epoch);
    rates.push(optimizer.lr);
  }
  return rates;
}

describe('rates agree with PyTorch, bit for bit without a cosine', () => {
  test.each([...rows.chained, ...rows.inTurn])('$name', ({ name, lr, schedules, milestones, rates }) => {
    const optimizer = createOptimizer(lr);
    const schedulers = schedules.map((each) => createSchedule(optimizer, each));
    const stepped = milestones ? [new nn.SequentialLR(optimizer, { schedulers, milestones })] : schedulers;
    const actual = collectRates(optimizer, rates.length - 1, () => {
      for (const each of stepped) each.step();
    });
    const tolerance = name.includes('Cosine') ? 4e-15 * lr : 0;
    for (const [epoch, rate] of rates.entries())
      expect(Math.abs((actual[epoch] as number) - rate), `epoch ${epoch}`).toBeLessThanOrEqual(tolerance);
  });

  test.each(rows.plateau)('$name', ({ lr, options, measures, rates }) => {
    const optimizer = createOptimizer(lr);
    const schedule = new nn.ReduceLROnPlateau(optimizer, options);
    const step = (epoch: number) => schedule.step(measures[epoch] ?? Number.NaN);
    expect(collectRates(optimizer, measures.length, step)).toEqual(rates);
    const known = measures.filter((measure): measure is number => typeof measure === 'number');
    const best = options.mode === 'max' ? Math.max(...known) : Math.min(...known);
    expect([schedule.lastEpoch, schedule.best]).toEqual([measures.length, best]);
  });
});

test('`lastEpoch` counts the epochs of each schedule, and LambdaLR sets the rate of epoch 0', () => {
  const optimizer = createOptimizer(0.5);
  const schedulers = [new nn.LambdaLR(optimizer, (epoch) => 0.5 / (epoch + 1)), new nn.LambdaLR(optimizer, () => 0.25)];
  const schedule = new nn.SequentialLR(optimizer, { schedulers, milestones: [2] });
  expect(collectRates(optimizer, 3, () => schedule.step())).toEqual([0.25, 0.125, 0.125, 0.125]);
  expect([schedule, ...schedulers].map(({ lastEpoch }) => lastEpoch)).toEqual([3, 1, 1]);
});

test('ReduceLROnPlateau lowers the rate of every group', () => {
  const [a, b] = ['a', 'b'].map((name) => createParameter(device, name, [1], [0], true)) as [
    nn.Parameter,
    nn.Parameter,
  ];
  const optimizer = new nn.SGD([{ params: [a] }, { params: [b], lr: 0.01 }], { lr: 0.1 });
  const plateau = new nn.ReduceLROnPlateau(optimizer, { patience: 0, factor: 0.5, minLr: 0.008 });
  for (let epoch = 0; epoch < 3; epoch++) plateau.step(1);
  expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.025, 0.008]);
});

describe('ReduceLROnPlateau compares metrics below 0 like those above', () => {
  /** Returns the epochs, counted from 1, at which the rate decreases. */
  function reductions(options: nn.ReduceLROnPlateauOptions, metrics: readonly number[]): number[] {
    const optimizer = createOptimizer();
    const schedule = new nn.ReduceLROnPlateau(optimizer, { patience: 2, ...options });
    return metrics.flatMap((metric, index) => {
      const { lr } = optimizer;
      schedule.step(metric);
      return optimizer.lr < lr ? [index + 1] : [];
    });
  }

  const flat = (value: number) => new Array<number>(10).fill(value);
  test.each<[string, number[], number[]]>([
    ['constant', flat(1), [4, 7, 10]],
    ['constantly 0', flat(0), [4, 7, 10]],
    ['better by 1 % in each epoch', flat(0).map((_, i) => 0.99 ** i), []],
    ['better by less than the threshold', flat(0).map((_, i) => 1 - 1e-6 * i), [4, 7, 10]],
    ['NaN', flat(Number.NaN), [3, 6, 9]],
    ['∞ at first', [Number.POSITIVE_INFINITY, ...flat(1).slice(1)], [5, 8]],
  ])('%s', (_, metrics, expected) => {
    const negated = (values: number[]) => values.map((value) => -value);
    // Approaching 0: a loss above 0 and a score below 0.
    for (const thresholdMode of ['rel', 'abs'] as const) {
      expect(reductions({ thresholdMode }, metrics)).toEqual(expected);
      expect(reductions({ thresholdMode, mode: 'max' }, negated(metrics))).toEqual(expected);
    }
    // Departing from 0: a loss below 0 and a score above 0.
    const below = metrics.map((metric) => (Number.isFinite(metric) ? metric - 2 : metric));
    expect(reductions({}, below)).toEqual(expected);
    expect(reductions({ mode: 'max' }, negated(below))).toEqual(expected);
  });

  test('with a threshold of 1 the first metric is the best', () => {
    expect(reductions({ threshold: 1 }, [3, 2, -0.5])).toEqual([]);
  });
});

interface Stateful {
  step(metric?: number): void;
  stateDict(): unknown;
  loadStateDict(state: never): void;
}

const stateful: Record<string, (optimizer: nn.Optimizer) => Stateful> = {
  StepLR: (optimizer) => new nn.StepLR(optimizer, { stepSize: 3 }),
  MultiStepLR: (optimizer) => new nn.MultiStepLR(optimizer, { milestones: [2, 6] }),
  ExponentialLR: (optimizer) => new nn.ExponentialLR(optimizer, { gamma: 0.9 }),
  CosineAnnealingLR: (optimizer) => new nn.CosineAnnealingLR(optimizer, { tMax: 9, etaMin: 0.01 }),
  LinearLR: (optimizer) => new nn.LinearLR(optimizer, { totalIters: 8 }),
  LambdaLR: (optimizer) => new nn.LambdaLR(optimizer, (epoch) => 1 / (1 + epoch)),
  ReduceLROnPlateau: (optimizer) => new nn.ReduceLROnPlateau(optimizer, { patience: 1, cooldown: 1 }),
  SequentialLR: (optimizer) => {
    const schedulers = [new nn.LinearLR(optimizer), new nn.CosineAnnealingLR(optimizer, { tMax: 6 })];
    return new nn.SequentialLR(optimizer, { schedulers, milestones: [4] });
  },
};

describe.each(Object.entries(stateful))('%s', (_, create) => {
  const step = (schedule: Stateful, epoch: number) =>
    schedule instanceof nn.ReduceLROnPlateau ? schedule.step(epoch < 3 ? 1 / (epoch + 1) : 0.3) : schedule.step();

  test.each([0, 2, 5])('continues from its state after %i epochs, through JSON', (at) => {
    const [straight, first, second] = [createOptimizer(), createOptimizer(), createOptimizer()];
    const [whole, begun, resumed] = [create(straight), create(first), create(second)];
    const expected = collectRates(straight, 10, (epoch) => step(whole, epoch));
    const before = collectRates(first, at, (epoch) => step(begun, epoch));
    const saved = JSON.parse(JSON.stringify({ optimizer: first.stateDict(), schedule: begun.stateDict() }));
    resumed.loadStateDict(saved.schedule as never);
    second.loadStateDict(saved.optimizer);
    const after = collectRates(second, 10 - at, (epoch) => step(resumed, at + epoch));
    expect([...before, ...after.slice(1)]).toEqual(expected);
  });
});

describe('`exactCosine`', () => {
  test('is exact at quarter turns', () => {
    for (const half of [2, 4, 100, 2 ** 40]) {
      const quarters = [0, 1, 2, 3, 4, 5].map((quarter) => exactCosine((quarter * half) / 2, half));
      expect(quarters.map((value) => value + 0)).toEqual([1, 0, -1, 0, 1, 0]);
    }
  });

  test('is within 2⁻⁵² of the true cosine, and symmetric', () => {
    for (const [t, half, value] of rows.cosines) {
      const cosine = exactCosine(t, half);
      expect(Math.abs(cosine - value), `${t}/${half}`).toBeLessThanOrEqual(2 ** -52);
      expect([exactCosine(2 * half - t, half), exactCosine(t + 2 * half, half)]).toEqual([cosine, cosine]);
    }
  });
});
