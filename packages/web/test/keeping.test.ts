import type { Checkpoint } from '@descent/experiments';
import { describe, expect, test } from 'vitest';
import { CheckpointCache } from '../src/worker/checkpoint-cache.ts';

const at = (step: number, arm = 'SGD', bytes = 100): Checkpoint => ({
  ...{ arm, step, scalars: {}, series: {} },
  state: new Uint8Array(bytes),
});

/** The steps that are kept of an arm that has gone so far. */
function stepsOf(kept: CheckpointCache, end: number, arm = 'SGD'): number[] {
  const steps = Array.from({ length: end + 1 }, (_, step) => kept.before(arm, step)?.step ?? 0);
  return [...new Set(steps)].filter((step) => step > 0);
}

describe('what is kept of a run', () => {
  test('is all, while there is room', () => {
    const kept = new CheckpointCache(1, 1_000);
    for (const step of [5, 6, 20]) kept.add(at(step));
    expect(stepsOf(kept, 30)).toEqual([5, 6, 20]);
    expect(kept.before('SGD', 4)).toBeUndefined();
    expect(kept.before('Adam', 30)).toBeUndefined();
  });

  test.each([
    // steps between checkpoints, arms, bytes of room
    [1, 1, 1_000],
    [7, 1, 2_000],
    [3, 4, 10_000],
  ])('every %i steps of %i arms is spread evenly over %i bytes, the newest among it', (stride, arms, room) => {
    const kept = new CheckpointCache(arms, room);
    const most = room / arms / 100;
    for (let step = stride; step <= 800; step += stride) {
      kept.add(at(step));
      const steps = stepsOf(kept, step);
      expect(steps.length).toBeLessThanOrEqual(most);
      expect(steps.at(-1)).toBe(step);
    }
    const steps = stepsOf(kept, 800);
    expect(steps.length).toBeGreaterThanOrEqual(most / 3);
    const gaps = steps.slice(0, -1).map((step, i) => step - (steps[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.min(...gaps));
  });

  test('is one checkpoint of each arm at least, however large', () => {
    const kept = new CheckpointCache(2, 10);
    for (const step of [1, 2, 3]) for (const arm of ['SGD', 'Adam']) kept.add(at(step, arm));
    expect([stepsOf(kept, 9), stepsOf(kept, 9, 'Adam')]).toEqual([[3], [3]]);
  });
});
