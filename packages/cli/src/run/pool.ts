// Arms on several threads, behind the same interface as arms on one: this thread and `jobs` − 1 others, which join as
// soon as they are ready. Which thread runs an arm never changes a bit.
import { EventEmitter, on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ArmSpec, ExecuteOptions, Executor, RunEvent, RunRecord } from '@descent/experiments';
import { otherData, threadLost } from '../errors.ts';
import { type EnvironmentPlan, openEnvironment, type TrainingEnvironment } from './environment.ts';
import { type Order, type Report, unpackError } from './messages.ts';

type Emit = (event: RunEvent) => void;

/** Someone who runs one arm at a time. */
interface Runner {
  run(arm: ArmSpec, options: ExecuteOptions, emit: Emit): Promise<void>;
  /** Whether it will never run another. */
  readonly isLost: boolean;
}

/** The thread that all this happens in. */
class OwnThread implements Runner {
  readonly isLost = false;

  /** @param onEvent called at every event, and so first when some steps are done */
  constructor(
    private readonly executor: Executor,
    private readonly onEvent: () => void,
  ) {}

  async run(arm: ArmSpec, options: ExecuteOptions, emit: Emit): Promise<void> {
    for await (const event of this.executor.run([arm], options)) {
      emit(event);
      this.onEvent();
    }
  }
}

export class OtherThread implements Runner {
  private readonly worker: Worker;
  private emit: Emit = () => {};
  private done: () => void = () => {};
  private fail: (error: Error) => void = () => {};
  private lost: Error | undefined;
  /** What the thread finds its data to be. */
  readonly ready: Promise<RunRecord['data']>;

  constructor(plan: EnvironmentPlan) {
    this.worker = new Worker(new URL('./arm-worker.js', import.meta.url), { workerData: plan });
    this.ready = new Promise((resolve, reject) => {
      this.fail = reject;
      this.worker.on('error', (error) => this.fail(error));
      // One that is killed tells nobody; behind an error this changes nothing any more.
      this.worker.on('exit', (code) => this.fail((this.lost = threadLost(code))));
      this.worker.on('message', (report: Report) => {
        if (report.kind === 'ready') resolve(report.data);
        if (report.kind === 'event') this.emit(report.event);
        if (report.kind === 'done') this.done();
        if (report.kind === 'failed') this.fail(unpackError(report.failure));
      });
    });
  }

  get isLost(): boolean {
    return this.lost !== undefined;
  }

  run(arm: ArmSpec, options: ExecuteOptions, emit: Emit): Promise<void> {
    const { signal, checkpoints, checkpointEvery, until, keepFinal, watch } = options;
    if (this.lost) return Promise.reject(this.lost);
    const stop = () => this.tell({ kind: 'stop' });
    this.emit = emit;
    const ended = new Promise<void>((resolve, reject) => {
      this.done = resolve;
      this.fail = reject;
    });
    const { name } = arm;
    const from = { checkpoint: checkpoints?.get(name), until: until?.get(name) };
    this.tell({ kind: 'run', arm, ...from, checkpointEvery, keepFinal, watch, isStopped: signal?.aborted });
    signal?.addEventListener('abort', stop);
    return ended.finally(() => signal?.removeEventListener('abort', stop));
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private tell(order: Order): void {
    this.worker.postMessage(order);
  }
}

interface Job {
  readonly work: (runner: Runner) => Promise<void>;
  readonly fail: (error: unknown) => void;
}

class Pool implements Executor {
  private readonly idle: Runner[] = [];
  private readonly waiting: Job[] = [];
  /** Of every run under way: what ends it. */
  private readonly ends = new Set<(error: unknown) => void>();
  private broken: unknown;

  /** A runner with nothing to do takes the next job, or waits for one. */
  hire(runner: Runner): void {
    const job = this.waiting.shift();
    if (!job) this.idle.push(runner);
    else {
      job
        .work(runner)
        .catch(job.fail)
        // Also behind an arm that failed: what waits has to be told that all is over, and there may be no other.
        .then(() => runner.isLost || this.hire(runner));
    }
  }

  /** Without one of its threads a pool would only be slower, but the fault behind it must be heard. */
  breakDown(error: unknown): void {
    this.broken = error;
    for (const end of this.ends) end(error);
    for (const job of this.waiting.splice(0)) job.fail(error);
  }

  /** Where one arm fails, the others are stopped in order: their checkpoints come out before the error does. */
  async *run(arms: readonly ArmSpec[], options: ExecuteOptions = {}): AsyncGenerator<RunEvent> {
    const told = new EventEmitter();
    const events = on(told, 'event', { close: ['end'] });
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    let fault: { readonly error: unknown } | undefined;
    const end = (error: unknown) => {
      fault ??= { error };
      stop();
    };
    options.signal?.addEventListener('abort', stop);
    if (options.signal?.aborted) stop();
    this.ends.add(end);
    const jobs = arms.map((arm) => {
      const emit: Emit = (event) => told.emit('event', event);
      return this.submit((runner) => runner.run(arm, { ...options, signal: stopping.signal }, emit)).catch(end);
    });
    const ended = Promise.all(jobs).then(() => told.emit('end'));
    try {
      for await (const [event] of events) yield event;
    } finally {
      // Also where nobody listens any more: nothing trains on behind the back of an error.
      stop();
      await ended;
      this.ends.delete(end);
      options.signal?.removeEventListener('abort', stop);
    }
    if (fault) throw fault.error;
  }

  private submit(run: (runner: Runner) => Promise<void>): Promise<void> {
    return new Promise((resolve, fail) => {
      if (this.broken) return fail(this.broken);
      this.waiting.push({ work: (runner) => run(runner).then(resolve), fail });
      const runner = this.idle.pop();
      if (runner) this.hire(runner);
    });
  }
}

/** A workbench whose arms run on `jobs` threads. The others start once this one has done its first steps. */
export async function openPool(jobs: number, plan: EnvironmentPlan): Promise<TrainingEnvironment> {
  const bench = await openEnvironment(plan);
  const { data } = bench;
  const pool = new Pool();
  const others: OtherThread[] = [];
  const recruit = () => {
    while (others.length < jobs - 1) {
      const thread = new OtherThread(plan);
      others.push(thread);
      thread.ready.then(
        ({ sha256 }) => (sha256 === data.sha256 ? pool.hire(thread) : pool.breakDown(otherData(data.sha256, sha256))),
        (error) => pool.breakDown(error),
      );
    }
  };
  pool.hire(new OwnThread(bench.executor, recruit));
  const close = async () => void (await Promise.all(others.map((thread) => thread.close())));
  return { ...bench, executor: pool, isParallel: true, close };
}
