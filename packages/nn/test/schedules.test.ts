// Schedules of the learning rate: PyTorch's rates, to the bit where no cosine is in them; state dicts; a cosine that no engine differs in.
import { describe, expect, test } from 'vitest';
import {
  CosineAnnealingLR,
  ExponentialLR,
  LambdaLR,
  LinearLR,
  type LRScheduler,
  MultiStepLR,
  type Optimizer,
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
  SequentialLR,
  SGD,
  StepLR,
} from '../src/index.ts';
import { exactCosine } from '../src/schedules/cosine.ts';
import { device } from './devices.ts';
import { golden } from './golden.ts';
import { parameterOf } from './gradcheck.ts';

interface Described {
  kind: string;
  options: never;
}

interface Row {
  name: string;
  lr: number;
  schedules: Described[];
  milestones: number[];
  rates: number[];
}

const rows = golden<{
  chained: Row[];
  inTurn: Row[];
  cosines: [t: number, half: number, value: number][];
  plateau: {
    name: string;
    lr: number;
    options: ReduceLROnPlateauOptions;
    measures: (number | null)[];
    rates: number[];
  }[];
}>('schedules');

const kinds = { StepLR, MultiStepLR, ExponentialLR, CosineAnnealingLR, LinearLR };

function optimizerOf(lr = 0.1): Optimizer {
  return new SGD([parameterOf(device, 'weight', [1], [0], true)], { lr });
}

function build(optimizer: Optimizer, { kind, options }: Described): LRScheduler {
  if (kind === 'LambdaLR') {
    const { factors } = options as { factors: number[] };
    return new LambdaLR(optimizer, (epoch) => factors[epoch] as number);
  }
  return new kinds[kind as keyof typeof kinds](optimizer, options);
}

/** The rate of each epoch. */
function ratesOf(optimizer: Optimizer, epochs: number, step: (epoch: number) => void): number[] {
  const rates = [optimizer.lr];
  for (let epoch = 0; epoch < epochs; epoch++) {
    step(epoch);
    rates.push(optimizer.lr);
  }
  return rates;
}

/** Bits where PyTorch takes no cosine; else within a few units of the last place of the first rate. */
function expectRates(actual: number[], { name, lr, rates }: Pick<Row, 'name' | 'lr' | 'rates'>): void {
  const tolerance = name.includes('Cosine') ? 4e-15 * lr : 0;
  expect(actual.length).toBe(rates.length);
  for (const [epoch, rate] of rates.entries()) {
    expect(Math.abs((actual[epoch] as number) - rate), `epoch ${epoch}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('rates of PyTorch', () => {
  test.each(rows.chained)('$name', (row) => {
    const optimizer = optimizerOf(row.lr);
    const schedules = row.schedules.map((each) => build(optimizer, each));
    const rates = ratesOf(optimizer, row.rates.length - 1, () => {
      for (const each of schedules) each.step();
    });
    expectRates(rates, row);
  });

  test.each(rows.inTurn)('$name', (row) => {
    const optimizer = optimizerOf(row.lr);
    const schedulers = row.schedules.map((each) => build(optimizer, each));
    const sequence = new SequentialLR(optimizer, { schedulers, milestones: row.milestones });
    expectRates(
      ratesOf(optimizer, row.rates.length - 1, () => sequence.step()),
      row,
    );
  });

  test.each(rows.plateau)('$name', ({ lr, options, measures, rates }) => {
    const optimizer = optimizerOf(lr);
    const schedule = new ReduceLROnPlateau(optimizer, options);
    const seen = ratesOf(optimizer, measures.length, (epoch) => schedule.step(measures[epoch] ?? Number.NaN));
    expect(seen).toEqual(rates);
    expect(schedule.lastEpoch).toBe(measures.length);
    const known = measures.filter((measure): measure is number => typeof measure === 'number');
    expect(schedule.best).toBe(options.mode === 'max' ? Math.max(...known) : Math.min(...known));
  });

  test('every row has rates of its own', () => {
    const all = [...rows.chained, ...rows.inTurn, ...rows.plateau].map((row) => row.rates.join());
    expect(new Set(all).size).toBe(all.length);
  });
});

/** The epochs, counted from 1, at which the rate went down. */
function reductions(options: ReduceLROnPlateauOptions, measures: readonly number[]): number[] {
  const optimizer = optimizerOf();
  const schedule = new ReduceLROnPlateau(optimizer, { patience: 2, ...options });
  return measures.flatMap((measure, index) => {
    const { lr } = optimizer;
    schedule.step(measure);
    return optimizer.lr < lr ? [index + 1] : [];
  });
}

describe('ReduceLROnPlateau compares alike on both sides of 0', () => {
  const flat = (value: number) => new Array<number>(10).fill(value);
  const rows: [string, number[], number[]][] = [
    ['flat', flat(1), [4, 7, 10]],
    ['flat at 0', flat(0), [4, 7, 10]],
    ['steadily better by 1 %', flat(0).map((_, i) => 0.99 ** i), []],
    ['better by less than the threshold', flat(0).map((_, i) => 1 - 1e-6 * i), [4, 7, 10]],
    ['NaN', flat(Number.NaN), [3, 6, 9]],
    ['infinite at first', [Number.POSITIVE_INFINITY, ...flat(1).slice(1)], [5, 8]],
  ];
  test.each(rows)('%s', (_, measures, expected) => {
    const mirrored = measures.map((measure) => -measure);
    for (const thresholdMode of ['rel', 'abs'] as const) {
      // A loss above 0 and a score below it get better by coming nearer to 0.
      expect(reductions({ thresholdMode }, measures)).toEqual(expected);
      expect(reductions({ thresholdMode, mode: 'max' }, mirrored)).toEqual(expected);
    }
    // A loss below 0 and a score above it get better by going away from 0.
    const away = measures.map((measure) => (Number.isFinite(measure) ? measure - 2 : measure));
    expect(reductions({}, away)).toEqual(expected);
    expect(
      reductions(
        { mode: 'max' },
        away.map((measure) => -measure),
      ),
    ).toEqual(expected);
  });

  test('a threshold of 1 takes the first measure as the best', () => {
    expect(reductions({ threshold: 1 }, [3, 2, -0.5])).toEqual([]);
  });
});

interface Stateful {
  step(measure?: number): void;
  stateDict(): unknown;
  loadStateDict(state: never): void;
}

const stateful: [string, (optimizer: Optimizer) => Stateful][] = [
  ['StepLR', (optimizer) => new StepLR(optimizer, { stepSize: 3 })],
  ['MultiStepLR', (optimizer) => new MultiStepLR(optimizer, { milestones: [2, 6] })],
  ['ExponentialLR', (optimizer) => new ExponentialLR(optimizer, { gamma: 0.9 })],
  ['CosineAnnealingLR', (optimizer) => new CosineAnnealingLR(optimizer, { tMax: 9, etaMin: 0.01 })],
  ['LinearLR', (optimizer) => new LinearLR(optimizer, { totalIters: 8 })],
  ['LambdaLR', (optimizer) => new LambdaLR(optimizer, (epoch) => 1 / (1 + epoch))],
  ['ReduceLROnPlateau', (optimizer) => new ReduceLROnPlateau(optimizer, { patience: 1, cooldown: 1 })],
  [
    'SequentialLR',
    (optimizer) => {
      const schedulers = [new LinearLR(optimizer), new CosineAnnealingLR(optimizer, { tMax: 6 })];
      return new SequentialLR(optimizer, { schedulers, milestones: [4] });
    },
  ],
];

describe.each(stateful)('%s', (_, make) => {
  const step = (schedule: ReturnType<typeof make>, epoch: number) =>
    schedule instanceof ReduceLROnPlateau ? schedule.step(epoch < 3 ? 1 / (epoch + 1) : 0.3) : schedule.step();

  test.each([0, 2, 5])('goes on from its state after %i epochs, through JSON', (at) => {
    const straight = optimizerOf();
    const whole = make(straight);
    const expected = ratesOf(straight, 10, (epoch) => step(whole, epoch));
    const first = optimizerOf();
    const begun = make(first);
    const before = ratesOf(first, at, (epoch) => step(begun, epoch));
    const saved = JSON.parse(JSON.stringify({ optimizer: first.stateDict(), schedule: begun.stateDict() }));

    const second = optimizerOf();
    const resumed = make(second);
    resumed.loadStateDict(saved.schedule as never);
    second.loadStateDict(saved.optimizer);
    const after = ratesOf(second, 10 - at, (epoch) => step(resumed, at + epoch));
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

  test('comes within 2⁻⁵² of the true cosine, and mirrors itself', () => {
    for (const [t, half, value] of rows.cosines) {
      const ours = exactCosine(t, half);
      expect(Math.abs(ours - value), `${t}/${half}`).toBeLessThanOrEqual(2 ** -52);
      expect([exactCosine(2 * half - t, half), exactCosine(t + 2 * half, half)]).toEqual([ours, ours]);
    }
  });
});

const optimizer = optimizerOf();
const errors: [string, () => unknown, string][] = [
  ['a step of 0', () => new StepLR(optimizer, { stepSize: 0 }), '[StepLR] expected stepSize to be a whole number'],
  ['a negative γ', () => new ExponentialLR(optimizer, { gamma: -1 }), '[ExponentialLR] expected gamma'],
  [
    'a milestone of 0',
    () => new MultiStepLR(optimizer, { milestones: [0] }),
    '[MultiStepLR] expected milestones[0] to be',
  ],
  ['tMax of ½', () => new CosineAnnealingLR(optimizer, { tMax: 0.5 }), '[CosineAnnealingLR] expected tMax'],
  [
    'a warm-up from 0',
    () => new LinearLR(optimizer, { startFactor: 0 }),
    '[LinearLR] expected startFactor to be above 0',
  ],
  ['a factor of 1', () => new ReduceLROnPlateau(optimizer, { factor: 1 }), '[ReduceLROnPlateau] expected factor'],
  [
    'no schedules',
    () => new SequentialLR(optimizer, { schedulers: [], milestones: [] }),
    '[SequentialLR] expected a milestone',
  ],
  [
    'another optimizer’s schedule',
    () => new SequentialLR(optimizer, { schedulers: [new StepLR(optimizerOf(), { stepSize: 1 })], milestones: [] }),
    '[SequentialLR] expected schedulers of its own optimizer',
  ],
  [
    'milestones that fall',
    () => {
      const schedulers = [1, 2, 3].map((stepSize) => new StepLR(optimizer, { stepSize }));
      return new SequentialLR(optimizer, { schedulers, milestones: [5, 5] });
    },
    '[SequentialLR] expected milestones[1] to be a whole number from 6',
  ],
  [
    'a state without its epoch',
    () => new StepLR(optimizer, { stepSize: 1 }).loadStateDict({ lastEpoch: Number.NaN, baseLr: 1 }),
    '[LRScheduler] expected lastEpoch',
  ],
];

test.each(errors)('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
