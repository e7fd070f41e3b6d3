// Runs arms on several workers at once: threads of Node, Web Workers, or the calling thread.
// Which worker runs an arm does not change any result.
import { Lockstep } from './lockstep.ts';
import {
  type PackedError,
  unpackError,
  type WorkerMessage,
  type WorkerRequest,
  type WorkerResponse,
} from './protocol.ts';
import type { ArmSpec } from './training/arm.ts';
import type { ExecuteOptions, Executor, RunEvent } from './training/executor.ts';
import type { Checkpoint } from './training/training.ts';

/** A started worker. */
export interface WorkerHandle<Plan, Query> {
  /** Sends a request. */
  post(request: WorkerRequest<Plan, Query>): void;
  /** Ends the worker at once. */
  terminate(): unknown;
}

/** How a pool starts its workers. */
export interface PoolOptions<Plan, Ready, Query> {
  /** Number of workers. */
  readonly size: number;
  /** What each worker opens. */
  readonly plan: Plan;
  /**
   * Starts a worker.
   * @param index from 0; the first worker starts alone, the others after its first event
   * @param receive is to be called with each response
   * @param fail is to be called when the worker has ended
   */
  start(
    index: number,
    receive: (response: WorkerResponse) => void,
    fail: (error: Error) => void,
  ): WorkerHandle<Plan, Query>;
  /** Checks a worker against the first one. @throws if it must not run arms, such as on other data */
  check?(ready: Ready, first: Ready): void;
  /** Restores an error of a worker. */
  readonly unpack?: (error: PackedError) => Error;
}

/**
 * A pool of workers that each run one arm at a time. A worker that ends unexpectedly fails its arm and is replaced. If
 * a worker cannot open, all runs fail.
 */
export class WorkerPool<Plan, Ready, Query = never, Answer = never> implements Executor {
  /** Resolves when the first worker can run arms. */
  readonly ready: Promise<Ready>;
  readonly #options: PoolOptions<Plan, Ready, Query>;
  readonly #workers: PoolWorker<Plan, Ready, Query, Answer>[] = [];
  readonly #idle: PoolWorker<Plan, Ready, Query, Answer>[] = [];
  readonly #tasks: Task<PoolWorker<Plan, Ready, Query, Answer>>[] = [];
  /** One function per run in progress, which ends the run with an error. */
  readonly #runs = new Set<(error: unknown) => void>();
  #first: Ready | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isClosed = false;

  /** Starts the first worker. */
  constructor(options: PoolOptions<Plan, Ready, Query>) {
    this.#options = options;
    this.ready = this.#start(0);
    this.ready.catch(() => {});
  }

  /**
   * Runs arms side by side. If one fails, the others are interrupted first: their checkpoints come before the error.
   */
  async *run(arms: readonly ArmSpec[], options: ExecuteOptions = {}): AsyncGenerator<RunEvent> {
    const events: RunEvent[] = [];
    let wake = () => {};
    let isDone = false;
    let failure: { readonly error: unknown } | undefined;
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    const end = (error: unknown) => {
      failure ??= { error };
      stop();
    };
    const emit = (event: RunEvent) => {
      events.push(event);
      wake();
      this.#startOthers();
    };
    options.signal?.addEventListener('abort', stop);
    if (options.signal?.aborted) stop();
    this.#runs.add(end);
    const train = options.maxLead === undefined ? this.#runArms : this.#runInLockstep;
    const done = train.call(this, arms, { ...options, signal: stopping.signal }, emit, end).then(() => {
      isDone = true;
      wake();
    });
    try {
      while (!isDone || events.length > 0) {
        yield* events.splice(0);
        if (!isDone && events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      // The consumer may have stopped early: no arm may continue unobserved.
      stop();
      await done;
      this.#runs.delete(end);
      options.signal?.removeEventListener('abort', stop);
    }
    if (failure) throw failure.error;
  }

  /**
   * Lets a worker answer a query.
   * @param isWanted is called when a worker is free; if it returns false the query is skipped
   * @returns undefined if the query was skipped
   */
  ask(query: Query, isWanted: () => boolean = () => true): Promise<Answer | undefined> {
    this.#startOthers();
    return this.#submit(async (worker) => (isWanted() ? worker.ask(query) : undefined));
  }

  /** Ends all workers at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** Runs one arm per worker at a time. Calls `end` with each error. */
  async #runArms(
    arms: readonly ArmSpec[],
    options: ExecuteOptions,
    emit: (event: RunEvent) => void,
    end: (error: unknown) => void,
  ): Promise<void> {
    await Promise.all(arms.map((arm) => this.#submit((worker) => worker.run(arm, options, emit)).catch(end)));
  }

  /** Runs all arms at once, on all workers that open before the end. */
  async #runInLockstep(
    arms: readonly ArmSpec[],
    options: ExecuteOptions,
    emit: (event: RunEvent) => void,
    end: (error: unknown) => void,
  ): Promise<void> {
    const { maxLead = 0, checkpoints, until } = options;
    const lockstep = new Lockstep<PoolWorker<Plan, Ready, Query, Answer>>(arms, { maxLead, checkpoints, until });
    const working: Promise<void>[] = [];
    const join = (worker: PoolWorker<Plan, Ready, Query, Answer>) => {
      if (lockstep.isOver) return Promise.resolve();
      const turns = worker.takeTurns(lockstep, options, emit).catch((error) => {
        end(error);
        lockstep.drop(worker);
      });
      working.push(turns);
      return turns;
    };
    const count = Math.min(this.#options.size, arms.length);
    const waiting = Array.from({ length: count }, () => this.#submit(join).catch(end));
    // A worker that opens after the end has nothing to do.
    await Promise.race([Promise.all(waiting), lockstep.over]);
    await Promise.all(working);
  }

  #startOthers(): void {
    while (this.#workers.length < this.#options.size) void this.#start(this.#workers.length).catch(() => {});
  }

  async #start(index: number): Promise<Ready> {
    const { plan, start, check, unpack = unpackError } = this.#options;
    const worker = new PoolWorker<Plan, Ready, Query, Answer>(
      (...handlers) => start(index, ...handlers),
      unpack,
      () => {
        const place = this.#idle.indexOf(worker);
        if (place >= 0) this.#idle.splice(place, 1);
        if (worker.isReady && !this.#isClosed) void this.#start(index).catch(() => {});
      },
    );
    this.#workers[index] = worker;
    try {
      const ready = await worker.open(plan);
      this.#first ??= ready;
      check?.(ready, this.#first);
      this.#assign(worker);
      return ready;
    } catch (error) {
      this.#failure = { error };
      for (const end of this.#runs) end(error);
      for (const task of this.#tasks.splice(0)) task.fail(error);
      throw error;
    }
  }

  /** Gives a free worker its next task. */
  #assign(worker: PoolWorker<Plan, Ready, Query, Answer>): void {
    if (worker.isLost) return;
    const task = this.#tasks.shift();
    if (task) void task.run(worker).then(() => this.#assign(worker));
    else this.#idle.push(worker);
  }

  #submit<T>(work: (worker: PoolWorker<Plan, Ready, Query, Answer>) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure.error);
      this.#tasks.push({ run: (worker) => work(worker).then(resolve, reject), fail: reject });
      const worker = this.#idle.pop();
      if (worker) this.#assign(worker);
    });
  }
}

interface Task<W> {
  /** Never rejects. */
  run(worker: W): Promise<void>;
  fail(error: unknown): void;
}

/** One worker, whose requests are promises. */
class PoolWorker<Plan, Ready, Query, Answer> {
  isReady = false;
  isLost = false;
  readonly #handle: WorkerHandle<Plan, Query>;
  #emit: (event: RunEvent) => void = () => {};
  #lockstep: Lockstep<this> | undefined;
  #resolve: (result: unknown) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(
    start: (receive: (response: WorkerResponse) => void, fail: (error: Error) => void) => WorkerHandle<Plan, Query>,
    unpack: (error: PackedError) => Error,
    onLost: () => void,
  ) {
    const receive = (response: WorkerResponse) => {
      if (response.kind === 'event') this.#emit(response.event);
      else if (response.kind === 'left') this.#handleLeft(response.arm, response.checkpoint);
      else if (response.kind === 'done') this.#resolve(response.result);
      else this.#reject(unpack(response.error));
    };
    this.#handle = start(receive, (error) => {
      if (this.isLost) return;
      this.isLost = true;
      this.#handle.terminate();
      onLost();
      this.#reject(error);
    });
  }

  async open(plan: Plan): Promise<Ready> {
    const ready = (await this.#request({ kind: 'open', plan })) as Ready;
    this.isReady = true;
    return ready;
  }

  async run(arm: ArmSpec, options: ExecuteOptions, emit: (event: RunEvent) => void): Promise<void> {
    const { signal, checkpoints, until, ...rest } = options;
    const stop = () => this.#handle.post({ kind: 'stop' });
    const isStopped = signal?.aborted ?? false;
    this.#emit = emit;
    signal?.addEventListener('abort', stop);
    const ownOptions = { ...rest, checkpoints: pick(checkpoints, arm.name), until: pick(until, arm.name) };
    await this.#request({ kind: 'run', arm, options: ownOptions, isStopped }).finally(() => {
      signal?.removeEventListener('abort', stop);
    });
  }

  /** Trains arms in turns until all arms have ended. */
  async takeTurns(lockstep: Lockstep<this>, options: ExecuteOptions, emit: (event: RunEvent) => void): Promise<void> {
    const { signal, checkpointEvery = Number.POSITIVE_INFINITY, keepFinal = false, monitor } = options;
    const stop = () => this.send({ kind: 'stop' });
    this.#lockstep = lockstep;
    this.#emit = (event) => {
      emit(event);
      lockstep.handle(event);
    };
    signal?.addEventListener('abort', stop);
    const turns = { checkpointEvery, keepFinal, monitor };
    const done = this.#request({ kind: 'turns', options: turns, isStopped: signal?.aborted ?? false });
    lockstep.join(this);
    await done.finally(() => signal?.removeEventListener('abort', stop));
  }

  #handleLeft(arm: string, checkpoint: Checkpoint | undefined): void {
    if (checkpoint) this.#emit({ kind: 'checkpoint', checkpoint });
    this.#lockstep?.handleLeft(arm, checkpoint);
  }

  /** Sends a message to the request in progress. */
  send(message: WorkerMessage): void {
    this.#handle.post(message);
  }

  ask(query: Query): Promise<Answer> {
    return this.#request({ kind: 'query', query }) as Promise<Answer>;
  }

  terminate(): unknown {
    return this.#handle.terminate();
  }

  #request(request: WorkerRequest<Plan, Query>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#handle.post(request);
    });
  }
}

/** Returns a map with the entry of one name at most. */
function pick<T>(map: ReadonlyMap<string, T> | undefined, name: string): ReadonlyMap<string, T> {
  return new Map([...(map ?? [])].filter(([key]) => key === name));
}
