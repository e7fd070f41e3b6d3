// WorkerPool, with workers that run in the calling thread.
import { describe, expect, test } from 'vitest';
import { type PoolOptions, WorkerPool } from '../src/pool.ts';
import { createRequestHandler } from '../src/protocol.ts';
import { createExecutor } from '../src/training/executor.ts';
import { classifier, tinyContext, train } from './bench.ts';

const arms = ['a', 'b', 'c', 'd'].map((name, i) => classifier({ steps: 30 }, name, i));

type Options = PoolOptions<string, string, number>;

/** Starts a worker of the calling thread. Its plan is its `ready`, and its queries are squared. */
const start: Options['start'] = (_, receive) => {
  const open = async (plan: string) => {
    if (plan === 'bad') throw new Error('cannot open');
    const executor = createExecutor(await tinyContext(), () => new Promise((resolve) => setImmediate(resolve)), 0);
    return { ready: plan, executor, answer: (query: number) => query * query };
  };
  return { post: createRequestHandler(open, receive), terminate() {} };
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
