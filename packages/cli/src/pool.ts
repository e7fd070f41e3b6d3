// Arms on several threads, behind the same interface as arms on one. Which thread runs an arm never changes a bit.
import { ReadableStream } from 'node:stream/web';
import { Worker } from 'node:worker_threads';
import type { ArmSpec, ExecuteOptions, Executor, RunEvent, RunRecord } from '@descent/experiments';
import { otherData } from './errors.ts';
import { type Order, type Report, unpackError } from './messages.ts';
import type { BenchPlan, Workbench } from './workbench.ts';

interface Job {
  readonly order: Order & { kind: 'run' };
  readonly emit: (event: RunEvent) => void;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/** A thread and the job it is at. */
class ArmThread {
  private readonly worker: Worker;
  private job: Job | undefined;
  /** What the thread found its data to be, once it is ready. */
  readonly ready: Promise<RunRecord['data']>;

  constructor(plan: BenchPlan, private readonly whenFree: (thread: ArmThread) => void) {
    this.worker = new Worker(new URL('./arm-worker.js', import.meta.url), { workerData: plan });
    this.ready = new Promise((resolve, reject) => {
      this.worker.on('message', (report: Report) => {
        if (report.kind === 'ready') resolve(report.data);
        else if (report.kind === 'event') this.job?.emit(report.event);
        else this.end(report.kind === 'failed' ? unpackError(report.failure) : undefined, reject);
      });
      this.worker.on('error', (error) => this.end(error, reject));
    });
  }

  start(job: Job): void {
    this.job = job;
    this.worker.postMessage(job.order);
  }

  stop(): void {
    this.worker.postMessage({ kind: 'stop' } satisfies Order);
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private end(error: Error | undefined, refuse: (error: Error) => void): void {
    const { job } = this;
    this.job = undefined;
    if (error) {
      refuse(error);
      job?.fail(error);
      return;
    }
    job?.done();
    this.whenFree(this);
  }
}

class Pool implements Executor {
  private readonly idle: ArmThread[] = [];
  private readonly waiting: Job[] = [];
  readonly threads: readonly ArmThread[];

  constructor(jobs: number, plan: BenchPlan) {
    this.threads = Array.from({ length: jobs }, () => new ArmThread(plan, (thread) => this.hire(thread)));
  }

  /** Hands a free thread its next job. */
  hire(thread: ArmThread): void {
    const job = this.waiting.shift();
    if (job) thread.start(job);
    else this.idle.push(thread);
  }

  run(arms: readonly ArmSpec[], options: ExecuteOptions = {}): AsyncIterable<RunEvent> {
    options.signal?.addEventListener('abort', () => this.threads.forEach((thread) => thread.stop()), { once: true });
    return new ReadableStream<RunEvent>({
      start: (events) => {
        const jobs = arms.map((arm) => this.submit(arm, options, (event) => events.enqueue(event)));
        Promise.all(jobs).then(
          () => events.close(),
          (error) => events.error(error),
        );
      },
    });
  }

  private submit(arm: ArmSpec, { checkpoints, checkpointEvery }: ExecuteOptions, emit: Job['emit']): Promise<void> {
    return new Promise((done, fail) => {
      const order = { kind: 'run', arm, checkpoint: checkpoints?.get(arm.name), checkpointEvery } as const;
      this.waiting.push({ order, emit, done, fail });
      const thread = this.idle.pop();
      if (thread) this.hire(thread);
    });
  }
}

/** As many workbenches as `jobs`, each on a thread. */
export async function openPool(jobs: number, plan: BenchPlan): Promise<Workbench> {
  const pool = new Pool(jobs, plan);
  const close = async () => void (await Promise.all(pool.threads.map((thread) => thread.close())));
  try {
    const [data, ...others] = (await Promise.all(pool.threads.map(({ ready }) => ready))) as [RunRecord['data']];
    for (const { sha256 } of others as RunRecord['data'][]) if (sha256 !== data.sha256) throw otherData(data.sha256, sha256);
    pool.threads.forEach((thread) => pool.hire(thread));
    return { executor: pool, data, isParallel: true, close };
  } catch (error) {
    await close();
    throw error;
  }
}
