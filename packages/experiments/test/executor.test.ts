import { describe, expect, test } from 'vitest';
import { createExecutor, type RunEvent } from '../src/training/executor.ts';
import { type Checkpoint, Training } from '../src/training/training.ts';
import { classifier, eventsOf, optimizers, tinyContext, train } from './bench.ts';

const arms = ['SGD', 'Adam'].map((name) => classifier({ optimizer: optimizers[name], steps: 40 }, name));

describe('an executor', async () => {
  const context = await tinyContext();
  const whole = await train(context, arms);

  test('tells every loss once, then the arm', async () => {
    const events = await eventsOf(context, arms);
    for (const { name, series } of whole) {
      const losses = events.flatMap((event) => (event.kind === 'progress' && event.arm === name ? event.losses : []));
      expect(losses).toEqual(series.trainLoss?.value);
    }
    expect(events.filter(({ kind }) => kind === 'arm')).toHaveLength(2);
    expect(events.at(-1)).toEqual({ kind: 'arm', record: whole[1] });
  });

  test('tells only what can be sent to another thread', async () => {
    const events = await eventsOf(context, arms, { checkpointEvery: 0 });
    expect(events.some(({ kind }) => kind === 'checkpoint')).toBe(true);
    expect(structuredClone(events)).toEqual(events);
  });

  test('gives way to the event loop, about every 16 ms unless told otherwise', async () => {
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

  test.each([1, 39, 40, 41, 60])(
    'interrupted after event %i reports every arm, and goes on to the same bits',
    async (after) => {
      const stop = new AbortController();
      const events: RunEvent[] = [];
      for await (const event of createExecutor(context, soon, 0).run(arms, { signal: stop.signal })) {
        events.push(event);
        if (events.length >= after) stop.abort();
      }
      const records = events.flatMap((event) => (event.kind === 'arm' ? [event.record] : []));
      expect(records.map(({ name }) => name)).toEqual(['SGD', 'Adam']);
      expect(records.at(-1)?.status).toBe('interrupted');
      const checkpoints = checkpointsOf(events);
      const unfinished = arms.filter((_, i) => records[i]?.status === 'interrupted');
      const rest = await train(context, unfinished, { checkpoints });
      expect([...records.filter(({ status }) => status === 'finished'), ...rest]).toEqual(whole);
    },
  );

  test.each([1, 7, 39, 40, 99])('pauses after step %i, and goes on from there to the same bits', async (step) => {
    const until = new Map(arms.map(({ name }) => [name, step]));
    const events = await eventsOf(context, arms, { until });
    const paused = events.flatMap((event) => (event.kind === 'arm' ? [event.record] : []));
    const isShort = step < 40;
    expect(paused.map(({ status }) => status)).toEqual(arms.map(() => (isShort ? 'interrupted' : 'finished')));
    for (const { series } of paused) expect(series.trainLoss?.step.at(-1)).toBe(Math.min(step, 40));
    const checkpoints = checkpointsOf(events);
    expect([...checkpoints.values()].map((checkpoint) => checkpoint.step)).toEqual(isShort ? [step, step] : []);
    const again = await eventsOf(context, arms, { checkpoints, until });
    if (isShort) expect(again).toEqual(paused.map((record) => ({ kind: 'arm', record })));
    expect(await train(context, arms, { checkpoints })).toEqual(whole);
  });

  test('one arm pauses, the others do not', async () => {
    const [sgd, adam] = await train(context, arms, { until: new Map([['SGD', 3]]) });
    expect(sgd?.status).toBe('interrupted');
    expect(adam).toEqual(whole[1]);
  });

  test('an arm that diverges has ended: it gives no checkpoint and does not go on', async () => {
    const wild = classifier({ optimizer: { kind: 'sgd', lr: 1e30, momentum: 0 } }, 'wild');
    const [record] = await train(context, [wild]);
    const step = record?.divergence?.step ?? 0;
    expect(step).toBeGreaterThan(1);
    for (const options of [{ checkpointEvery: 0 }, { until: new Map([['wild', step]]) }]) {
      const events = await eventsOf(context, [wild], options);
      expect(events.at(-1)).toEqual({ kind: 'arm', record });
      for (const checkpoint of checkpointsOf(events).values()) expect(checkpoint.step).toBeLessThan(step);
    }
  });

  test('does nothing under a signal that has fired', async () => {
    const records = await train(context, arms, { signal: AbortSignal.abort() });
    expect(records.map(({ status, series }) => [status, series])).toEqual([
      ['interrupted', {}],
      ['interrupted', {}],
    ]);
  });

  test('goes on from a checkpoint in the middle', async () => {
    const [sgd] = arms as [(typeof arms)[number]];
    const training = new Training(sgd, context);
    const steps = training.run();
    for (let i = 0; i < 17; i++) steps.next();
    const checkpoints = new Map([[sgd.name, training.snapshot()]]);
    training.release();
    const events = await eventsOf(context, [sgd], { checkpoints });
    expect(events.at(-1)).toEqual({ kind: 'arm', record: whole[0] });
    expect(events.flatMap((event) => (event.kind === 'progress' ? event.losses : []))).toHaveLength(40 - 17);
  });

  test('gives memory back when its listener leaves', async () => {
    const before = context.device.arena.used;
    for await (const _ of createExecutor(context, soon).run(arms)) break;
    expect(context.device.arena.used).toBe(before);
  });
});

async function soon(): Promise<void> {}

/** The last of each arm. */
function checkpointsOf(events: readonly RunEvent[]): Map<string, Checkpoint> {
  return new Map(
    events.flatMap((event) => (event.kind === 'checkpoint' ? [[event.checkpoint.arm, event.checkpoint]] : [])),
  );
}
