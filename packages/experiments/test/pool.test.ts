// WorkerPool, with workers that run in the calling thread.
import { describe, expect, test } from 'vitest';
import { type PoolOptions, WorkerPool } from '../src/pool.ts';
import { createRequestHandler } from '../src/protocol.ts';
import type { ArmSpec } from '../src/training/arm.ts';
import { createExecutor, type ExecuteOptions, type RunEvent } from '../src/training/executor.ts';
import { RoundRobin } from '../src/training/round-robin.ts';
import type { Checkpoint } from '../src/training/training.ts';
import { classifier, tinyContext, train } from './bench.ts';

const arms = ['a', 'b', 'c', 'd'].map((name, i) => classifier({ steps: 30 }, name, i));

type Options = PoolOptions<string, string, number>;

/** Starts a worker of the calling thread. Its plan is its `ready`, and its queries are squared. */
const start: Options['start'] = (_, receive) => {
  const open = async (plan: string) => {
    if (plan === 'bad') throw new Error('cannot open');
    const [context, pause] = [await tinyContext(), () => new Promise<void>((resolve) => setImmediate(resolve))];
    const [executor, createRoundRobin] = [createExecutor(context, pause, 0), () => new RoundRobin(context, pause, 0)];
    return { ready: plan, executor, createRoundRobin, answer: (query: number) => query * query };
  };
  // As between threads, messages arrive later, as copies.
  const later =
    <T>(handle: (message: T) => void) =>
    (message: T) => {
      const copy = structuredClone(message);
      setImmediate(() => handle(copy));
    };
  return { post: later(createRequestHandler(open, later(receive))), terminate() {} };
};

const open = (changes: Partial<Options> = {}) =>
  new WorkerPool<string, string, number, number>({ size: 3, plan: 'good', start, ...changes });

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);

describe('a worker pool', async () => {
  const expected = await train(await tinyContext(), arms);

  test('has the results of one thread', async () => {
    const pool = open();
    expect(await pool.ready).toBe('good');
    const records = [];
    for await (const event of pool.run(arms)) if (event.kind === 'arm') records.push(event.record);
    expect(records.sort(byName)).toEqual(expected);
    expect(await pool.ask(7)).toBe(49);
    expect(await pool.ask(7, () => false)).toBeUndefined();
  });

  test('interrupts all arms, and continues from their checkpoints', async () => {
    const pool = open();
    const stop = new AbortController();
    const checkpoints = new Map();
    for await (const event of pool.run(arms, { signal: stop.signal })) {
      stop.abort();
      if (event.kind === 'checkpoint') checkpoints.set(event.checkpoint.arm, event.checkpoint);
    }
    const records = [];
    for await (const event of pool.run(arms, { checkpoints })) if (event.kind === 'arm') records.push(event.record);
    expect(records.sort(byName)).toEqual(expected);
  });

  test('fails every run if a worker cannot open', async () => {
    const pool = open({ plan: 'bad' });
    await expect(pool.ready).rejects.toThrow('cannot open');
    await expect(pool.run(arms).next()).rejects.toThrow('cannot open');
  });

  test('fails the arm of a lost worker, and replaces the worker', async () => {
    let lose = (_: Error) => {};
    const pool = open({
      size: 1,
      start(index, receive, fail) {
        lose = fail;
        return start(index, receive, fail);
      },
    });
    const run = async () => {
      for await (const event of pool.run(arms.slice(0, 1))) if (event.kind === 'progress') lose(new Error('lost'));
    };
    await expect(run()).rejects.toThrow('lost');
    const kinds = [];
    for await (const { kind } of pool.run(arms.slice(0, 1))) kinds.push(kind);
    expect(kinds.at(-1)).toBe('arm');
  });
});

describe('a worker pool in lockstep', async () => {
  // Networks of unequal cost, and one that diverges.
  const racing: ArmSpec[] = [
    classifier({ steps: 60, hiddenSizes: [100] }, 'slow', 1),
    ...['a', 'b', 'c', 'd'].map((name, i) => classifier({ steps: 60, evaluateEvery: 10 }, name, i)),
    classifier({ steps: 60, optimizer: { kind: 'sgd', lr: 1e30, momentum: 0 } }, 'wild', 1),
  ];
  const context = await tinyContext();
  const expected = (await train(context, racing)).sort(byName);

  /** Runs arms until `isEnough`. Returns the greatest lead among unfinished arms, all records and checkpoints. */
  async function race(options: ExecuteOptions, size: number, isEnough = (_: RunEvent) => false) {
    const stop = new AbortController();
    const steps = new Map(racing.map(({ name }) => [name, options.checkpoints?.get(name)?.step ?? 0]));
    const checkpoints = new Map<string, Checkpoint>();
    const records = [];
    let lead = 0;
    for await (const event of open({ size }).run(racing, { ...options, signal: stop.signal })) {
      if (event.kind === 'progress') steps.set(event.arm, event.step);
      if (event.kind === 'checkpoint') checkpoints.set(event.checkpoint.arm, event.checkpoint);
      if (event.kind === 'arm') {
        records.push(event.record);
        steps.delete(event.record.name);
      }
      if (steps.size > 0) lead = Math.max(lead, Math.max(...steps.values()) - Math.min(...steps.values()));
      if (isEnough(event)) stop.abort();
    }
    return { lead, records: records.sort(byName), checkpoints };
  }

  test.each([1, 2, 3, 8])(
    'keeps all arms close together on %i workers, with the results of one thread',
    async (size) => {
      const { lead, records } = await race({ maxLead: 8, checkpointEvery: 0, monitor: { histogramCount: 0 } }, size);
      expect(lead).toBeLessThanOrEqual(8);
      expect(records).toEqual(expected);
    },
  );

  test('pauses arms at given steps, and continues from their checkpoints after an interruption', async () => {
    const until = new Map(racing.map(({ name }, i) => [name, 7 + i]));
    const paused = await race({ maxLead: 8, until }, 2);
    expect([...paused.checkpoints.values()].map(({ step }) => step).sort((a, b) => a - b)).toEqual([7, 8, 9, 10, 11]);
    const isFar = (event: RunEvent) => event.kind === 'progress' && event.step > 30;
    const { checkpoints } = await race({ maxLead: 8, checkpoints: paused.checkpoints }, 3, isFar);
    const { records } = await race({ maxLead: 8, checkpoints }, 2);
    expect(records).toEqual(expected);
  });

  test('reports an arm that fails, after the checkpoints of the others', async () => {
    const broken = { arm: 'c', step: 1, state: new Uint8Array(4), scalars: {}, series: {} };
    const checkpoints = new Map([['c', broken]]);
    await expect(race({ maxLead: 8, checkpoints }, 2)).rejects.toThrow('checkpoint of c');
  });

  test('replaces trainings by checkpoints when the memory is full', async () => {
    const turns = new RoundRobin(context, async () => {}, 4, 0);
    const records = [];
    for (const arm of racing) turns.add(arm, arm.task.steps);
    turns.raiseLimit(60);
    for await (const event of turns.run({})) {
      if (event.kind === 'arm') records.push(event.record);
      if (records.length === racing.length) turns.end();
    }
    expect(records.sort(byName)).toEqual(expected);
  });
});
