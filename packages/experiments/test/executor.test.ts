import { describe, expect, test } from 'vitest';
import { createExecutor, type RunEvent } from '../src/executor.ts';
import { type Checkpoint, Training } from '../src/training.ts';
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
    expect(pauses).toBeLessThanOrEqual((performance.now() - start) / 16);
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
      const checkpoints = new Map<string, Checkpoint>();
      for (const event of events)
        if (event.kind === 'checkpoint') checkpoints.set(event.checkpoint.arm, event.checkpoint);
      const unfinished = arms.filter((_, i) => records[i]?.status === 'interrupted');
      const rest = await train(context, unfinished, { checkpoints });
      expect([...records.filter(({ status }) => status === 'finished'), ...rest]).toEqual(whole);
    },
  );

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
