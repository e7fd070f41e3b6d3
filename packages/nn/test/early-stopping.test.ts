// Early stopping: the epochs at which it stops, the best parameters, states.
import { describe, expect, test } from 'vitest';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';

const nan = Number.NaN;

// The stop epoch is 0 if it does not stop. From Keras's `EarlyStopping.on_epoch_end`.
test.each<[nn.EarlyStoppingOptions, metrics: number[], stop: number, best: number]>([
  [{}, [3, 2, 1], 0, 3],
  [{ patience: 1 }, [3, 2, 2], 3, 2],
  [{ patience: 2 }, [3, 2, 2, 1, 1, 1], 6, 4],
  [{ minDelta: 0.5 }, [3, 2.5], 2, 1],
  [{ minDelta: 0.5, patience: 2 }, [3, 2.6, 2.4, 2.3, 2.2], 5, 3],
  [{ mode: 'max' }, [0.5, 0.6, 0.6], 3, 2],
  [{ mode: 'max', minDelta: 0.1, patience: 2 }, [0.5, 0.55, 0.65, 0.7, 0.74], 5, 3],
  [{ patience: 2 }, [nan, nan], 2, 0],
  [{ patience: 2 }, [nan, 1, nan, nan], 4, 2],
])('with %o and metrics %o it stops at epoch %i, the best is epoch %i', (options, metrics, stop, best) => {
  const stopping = new nn.EarlyStopping(options);
  expect(metrics.map((metric) => stopping.step(metric)).indexOf(true) + 1).toBe(stop);
  expect([stopping.bestEpoch, stopping.lastEpoch]).toEqual([best, metrics.length]);
  if (best > 0) expect(stopping.best).toBe(metrics[best - 1]);
});

describe('`restoreBest`', () => {
  const build = () =>
    new nn.Sequential([new nn.Linear(2, 3), new nn.BatchNorm1d(3)]).to(device, {
      inputShape: [2],
      batchSize: 2,
      seed: 1,
    });
  const create = (model: nn.Sequential) => new nn.EarlyStopping({ patience: 2, restoreBest: model });

  /** Sets every parameter to the number of the epoch and every statistic to its negative, after each epoch. */
  function train(metrics: readonly number[], model = build(), stopping = create(model), start = 0) {
    const stops = metrics.slice(start).map((metric, index) => {
      model.values.data.fill(start + index + 1);
      model.running.data.fill(-(start + index + 1));
      return stopping.step(metric);
    });
    return { model, stopping, stops };
  }
  const numbers = ({ values, running }: nn.Sequential) => [...new Set(values.data), ...new Set(running.data)];

  test('restores parameters and statistics when it stops', () => {
    const { model, stops } = train([3, 1, 2, 2]);
    expect(stops).toEqual([false, false, false, true]);
    expect(numbers(model)).toEqual([2, -2]);
  });

  test('restores nothing before it stops, except on request', () => {
    const { model, stopping } = train([3, 1, 2]);
    expect(numbers(model)).toEqual([3, -3]);
    stopping.restore();
    expect(numbers(model)).toEqual([2, -2]);
  });

  test('continues from a state', () => {
    const state = structuredClone(train([3, 1, 2]).stopping.stateDict());
    const model = build();
    const resumed = create(model);
    resumed.loadStateDict(state);
    expect(train([3, 1, 2, 2], model, resumed, 3).stops).toEqual([true]);
    expect(numbers(model)).toEqual([2, -2]);
    expect([resumed.best, resumed.bestEpoch, resumed.lastEpoch]).toEqual([1, 2, 4]);
  });
});

test('a state before the first epoch can be JSON', () => {
  const stopping = new nn.EarlyStopping({ patience: 1 });
  stopping.loadStateDict(JSON.parse(JSON.stringify(new nn.EarlyStopping().stateDict())));
  expect([stopping.best, stopping.step(5)]).toEqual([Number.POSITIVE_INFINITY, false]);
});
