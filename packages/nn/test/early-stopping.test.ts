// Early stopping: Keras's rule, the best parameters put back.
import { describe, expect, test } from 'vitest';
import { BatchNorm1d, EarlyStopping, type EarlyStoppingOptions, Linear, Sequential } from '../src/index.ts';
import { device } from './devices.ts';

const nan = Number.NaN;

/** Options, measures, the epoch at which to stop or 0, the epoch of the best. By Keras's `EarlyStopping.on_epoch_end`. */
const rows: [EarlyStoppingOptions, number[], number, number][] = [
  [{}, [3, 2, 1], 0, 3],
  [{}, [3, 2, 2], 3, 2],
  [{ patience: 1 }, [3, 2, 2], 3, 2],
  [{ patience: 2 }, [3, 2, 2, 1, 1, 1], 6, 4],
  [{ patience: 3 }, [3, 4, 5, 2, 3, 4], 0, 4],
  [{ minDelta: 0.5 }, [3, 2.5], 2, 1],
  [{ minDelta: 0.5, patience: 2 }, [3, 2.6, 2.4, 2.3, 2.2], 5, 3],
  [{ mode: 'max' }, [0.5, 0.6, 0.6], 3, 2],
  [{ mode: 'max', minDelta: 0.1, patience: 2 }, [0.5, 0.55, 0.65, 0.7, 0.74], 5, 3],
  [{ patience: 2 }, [nan, nan], 2, 0],
  [{ patience: 2 }, [nan, 1, nan, nan], 4, 2],
];

test.each(rows)('%o on %o stops at %i, best at %i', (options, measures, stop, best) => {
  const stopping = new EarlyStopping(options);
  const told = measures.map((measure) => stopping.step(measure));
  expect(told.indexOf(true) + 1).toBe(stop);
  expect([stopping.bestEpoch, stopping.lastEpoch]).toEqual([best, measures.length]);
  if (best > 0) expect(stopping.best).toBe(measures[best - 1]);
});

describe('restoreBest', () => {
  /** After each epoch every number of the model is the epoch's. */
  function train(measures: readonly number[], from?: { stopping: EarlyStopping; model: Sequential; epoch: number }) {
    const model = from?.model ?? new Sequential([new Linear(2, 3), new BatchNorm1d(3)]);
    if (!from) model.to(device, { inputShape: [2], batchSize: 2, seed: 1 });
    const stopping = from?.stopping ?? new EarlyStopping({ patience: 2, restoreBest: model });
    const start = from?.epoch ?? 0;
    const told = measures.slice(start).map((measure, index) => {
      model.values.data.fill(start + index + 1);
      model.running.data.fill(-(start + index + 1));
      return stopping.step(measure);
    });
    return { model, stopping, told };
  }
  const numbers = ({ values, running }: Sequential) => [...new Set(values.data), ...new Set(running.data)];

  test('puts parameters and statistics back when it says to stop', () => {
    const { model, told } = train([3, 1, 2, 2]);
    expect(told).toEqual([false, false, false, true]);
    expect(numbers(model)).toEqual([2, -2]);
  });

  test('leaves them before that, and puts them back when asked', () => {
    const { model, stopping } = train([3, 1, 2]);
    expect(numbers(model)).toEqual([3, -3]);
    stopping.restore();
    expect(numbers(model)).toEqual([2, -2]);
  });

  test('goes on from a state', () => {
    const { stopping } = train([3, 1, 2]);
    const state = structuredClone(stopping.stateDict());
    const model = new Sequential([new Linear(2, 3), new BatchNorm1d(3)]);
    model.to(device, { inputShape: [2], batchSize: 2, seed: 9 });
    const resumed = new EarlyStopping({ patience: 2, restoreBest: model });
    resumed.loadStateDict(state);
    expect(train([3, 1, 2, 2], { stopping: resumed, model, epoch: 3 }).told).toEqual([true]);
    expect(numbers(model)).toEqual([2, -2]);
    expect([resumed.best, resumed.bestEpoch, resumed.lastEpoch]).toEqual([1, 2, 4]);
  });

  test('without a best there is nothing to put back', () => {
    const { model } = train([nan, nan]);
    expect(numbers(model)).toEqual([2, -2]);
  });
});

test('a state before the first epoch passes through JSON', () => {
  const stopping = new EarlyStopping({ patience: 1 });
  stopping.loadStateDict(JSON.parse(JSON.stringify(new EarlyStopping().stateDict())));
  expect([stopping.best, stopping.step(5)]).toEqual([Number.POSITIVE_INFINITY, false]);
});

test.each<[string, () => unknown, string]>([
  ['patience', () => new EarlyStopping({ patience: -1 }), '[EarlyStopping] expected patience to be a whole number'],
  ['minDelta', () => new EarlyStopping({ minDelta: nan }), '[EarlyStopping] expected minDelta'],
  [
    'a model without memory',
    () => new EarlyStopping({ restoreBest: new Sequential([new Linear(1, 1)]) }),
    '[Sequential] expected to(device, …) to come first',
  ],
  [
    'a state without parameters',
    () => {
      const model = new Sequential([new Linear(1, 1)]).to(device, { inputShape: [1], batchSize: 1, seed: 1 });
      new EarlyStopping({ restoreBest: model }).loadStateDict(new EarlyStopping().stateDict());
    },
    '[EarlyStopping] expected 2 parameters but got none',
  ],
])('error: %s', (_, act, message) => {
  expect(act).toThrow(message);
});
