import { describe, expect, test } from 'vitest';
import { createExecutor, type RunEvent } from '../src/training/executor.ts';
import type { Checkpoint } from '../src/training/training.ts';
import { classifier, collectEvents, optimizers, tinyContext, train } from './bench.ts';

const arms = ['SGD', 'Adam'].map((name) => classifier({ optimizer: optimizers[name], steps: 40 }, name));

describe('an executor', async () => {
  const context = await tinyContext();
  const whole = await train(context, arms);

  test('reports every loss once, then the arm', async () => {
    const events = await collectEvents(context, arms);
    for (const { name, series } of whole) {
      const losses = events.flatMap((event) => (event.kind === 'progress' && event.arm === name ? event.losses : []));
      expect(losses).toEqual(series.trainLoss?.value);
    }
    expect(events.filter(({ kind }) => kind === 'arm')).toHaveLength(2);
    expect(events.at(-1)).toEqual({ kind: 'arm', record: whole[1] });
  });

  test('reports events that can be cloned', async () => {
    const events = await collectEvents(context, arms, { checkpointEvery: 0 });
    expect(events.some(({ kind }) => kind === 'checkpoint')).toBe(true);
    expect(structuredClone(events)).toEqual(events);
  });

  test('yields to the event loop every 16 ms by default', async () => {
    let pauses = 0;
    const pause = async () => void pauses++;
    const start = performance.now();
    for await (const _ of createExecutor(context, pause).run([classifier({ steps: 3_000 })]));
    expect(pauses).toBeGreaterThan(0);
    // The last slice is shorter.
    expect(pauses).toBeLessThanOrEqual(1 + (performance.now() - start) / 16);
    pauses = 0;
    for await (const _ of createExecutor(context, pause, 0).run([classifier()]));
    expect(pauses).toBe(12);
  });

  test.each([1, 41])('interrupted after event %i reports every arm and continues with the same bits', async (after) => {
    const stop = new AbortController();
    const events: RunEvent[] = [];
    for await (const event of createExecutor(context, soon, 0).run(arms, { signal: stop.signal })) {
      events.push(event);
      if (events.length >= after) stop.abort();
    }
    const records = events.flatMap((event) => (event.kind === 'arm' ? [event.record] : []));
    expect(records.map(({ name }) => name)).toEqual(['SGD', 'Adam']);
    expect(records.at(-1)?.status).toBe('interrupted');
    const checkpoints = lastCheckpoints(events);
    const unfinished = arms.filter((_, i) => records[i]?.status === 'interrupted');
    const rest = await train(context, unfinished, { checkpoints });
    expect([...records.filter(({ status }) => status === 'finished'), ...rest]).toEqual(whole);
  });

  test.each([7, 40])('pauses after step %i and continues with the same bits', async (step) => {
    const until = new Map(arms.map(({ name }) => [name, step]));
    const events = await collectEvents(context, arms, { until });
    const paused = events.flatMap((event) => (event.kind === 'arm' ? [event.record] : []));
    const isShort = step < 40;
    expect(paused.map(({ status }) => status)).toEqual(arms.map(() => (isShort ? 'interrupted' : 'finished')));
    for (const { series } of paused) expect(series.trainLoss?.step.at(-1)).toBe(Math.min(step, 40));
    const checkpoints = lastCheckpoints(events);
    expect([...checkpoints.values()].map((checkpoint) => checkpoint.step)).toEqual(isShort ? [step, step] : []);
    const again = await collectEvents(context, arms, { checkpoints, until });
    if (isShort) expect(again).toEqual(paused.map((record) => ({ kind: 'arm', record })));
    expect(await train(context, arms, { checkpoints })).toEqual(whole);
  });

  test('reports no checkpoint after the step at which an arm diverges', async () => {
    const wild = classifier({ optimizer: { kind: 'sgd', lr: 1e30, momentum: 0 } }, 'wild');
    const [record] = await train(context, [wild]);
    const step = record?.divergence?.step ?? 0;
    expect(step).toBeGreaterThan(1);
    for (const options of [{ checkpointEvery: 0 }, { until: new Map([['wild', step]]) }]) {
      const events = await collectEvents(context, [wild], options);
      expect(events.at(-1)).toEqual({ kind: 'arm', record });
      for (const checkpoint of lastCheckpoints(events).values()) expect(checkpoint.step).toBeLessThan(step);
    }
  });

  test('makes no step if the signal is already aborted', async () => {
    const records = await train(context, arms, { signal: AbortSignal.abort() });
    expect(records.map(({ status, series }) => [status, series])).toEqual([
      ['interrupted', {}],
      ['interrupted', {}],
    ]);
  });

  test('frees memory if its consumer stops early', async () => {
    const before = context.device.arena.used;
    for await (const _ of createExecutor(context, soon).run(arms)) break;
    expect(context.device.arena.used).toBe(before);
  });
});

async function soon(): Promise<void> {}

/** Returns the last checkpoint of each arm. */
function lastCheckpoints(events: readonly RunEvent[]): Map<string, Checkpoint> {
  return new Map(
    events.flatMap((event) => (event.kind === 'checkpoint' ? [[event.checkpoint.arm, event.checkpoint]] : [])),
  );
}
