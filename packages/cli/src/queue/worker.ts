// A worker: takes arms from the queue, runs them on its threads, answers. One serves every run that it fits.
import { hostname } from 'node:os';
import { noData } from '@descent/experiments';
import { type Job, WaitingError } from 'bullmq';
import type { Redis } from 'ioredis';
import { Exit } from '../exit.ts';
import type { EnvironmentPlan } from '../run/environment.ts';
import { log } from '../terminal/terminal.ts';
import type { QueueAddress } from './address.ts';
import { type Compatibility, compatibility, compatibilityDigest, incompatibility } from './compatibility.ts';
import { connect } from './connection.ts';
import { deliver, runsIn } from './delivery.ts';
import { encodeFailure, encodeWorker, printable } from './messages.ts';
import { hashOf, keys, PREFIX, queueOf, readJobId } from './names.ts';
import { readJob, Task, type TaskContext, type TaskResult } from './task.ts';
import { ThreadPool } from './thread-pool.ts';
import { TolerantWorker } from './tolerant-worker.ts';
import { nameOf } from './worker-monitor.ts';

/** How many workers an arm may take down with it before it is set aside. */
const MOST_STALLS = 5;
/** Milliseconds between announcements, and seconds after which one runs out. */
const ANNOUNCE_EVERY = 2_000;
const ANNOUNCED_FOR = 10;
/** Milliseconds for what is at work to be given back at the end. */
const SHUTDOWN_MS = 10_000;

export interface WorkerPlan {
  readonly address: QueueAddress;
  readonly bench: EnvironmentPlan;
  readonly jobs: number;
  /** Milliseconds after which the arms of a worker that is silent go to others. */
  readonly patience: number;
}

/**
 * Works until `stopping` fires.
 * @throws Exit where no Redis answers, or the data are missing or corrupt
 */
export async function work({ address, bench, jobs, patience }: WorkerPlan, stopping: AbortSignal): Promise<void> {
  const redis = await connect(address);
  try {
    const { crew, data } = await ThreadPool.open(jobs, bench);
    try {
      const fit = compatibility({ variant: bench.variant, data });
      await new QueueWorker(redis, crew, fit, { jobs, patience }).last(stopping);
    } finally {
      await crew.close();
    }
  } finally {
    redis.disconnect();
  }
}

class QueueWorker {
  private readonly me = { host: printable(hostname()), pid: process.pid };
  private readonly name = nameOf(this.me);
  private readonly id = hashOf([this.name, Date.now()]).slice(0, 16);
  private readonly ending = new AbortController();
  private readonly around: TaskContext;
  private readonly refused = new Set<string>();
  private fault: Exit | undefined;

  constructor(
    private readonly redis: Redis,
    crew: ThreadPool,
    private readonly fit: Compatibility,
    private readonly plan: { readonly jobs: number; readonly patience: number },
  ) {
    this.around = { redis, crew, name: this.name, stopping: this.ending.signal };
  }

  async last(stopping: AbortSignal): Promise<void> {
    const served = [this.fit, ...(this.fit.data.sha256 === noData.sha256 ? [] : [{ ...this.fit, data: noData }])];
    const workers = served.map((fit) => this.open(compatibilityDigest(fit)));
    let timer: NodeJS.Timeout | undefined;
    const announce = async () => {
      await this.announce().catch(() => {});
      if (!this.ending.signal.aborted) timer = setTimeout(announce, ANNOUNCE_EVERY);
    };
    announce();
    await new Promise<void>((resolve) => {
      this.ending.signal.addEventListener('abort', () => resolve());
      const end = () => this.ending.abort();
      if (stopping.aborted) end();
      stopping.addEventListener('abort', end);
    });
    clearTimeout(timer);
    await within(SHUTDOWN_MS, Promise.all(workers.map((worker) => worker.close())));
    await within(SHUTDOWN_MS, this.redis.pipeline().del(keys.worker(this.id)).srem(keys.workers, this.id).exec());
    if (this.fault) throw this.fault;
  }

  private open(fit: string): TolerantWorker {
    const { jobs, patience } = this.plan;
    const worker = new TolerantWorker(queueOf(fit), (job, token = '') => this.process(job, token, fit), {
      connection: this.redis,
      prefix: PREFIX,
      name: this.name,
      concurrency: jobs,
      lockDuration: patience,
      stalledInterval: patience / 2,
      maxStalledCount: MOST_STALLS,
      runRetryDelay: 1_000,
    });
    worker.on('failed', (job, error) => void this.tellFailure(job, error).catch(() => {}));
    worker.on('stalled', () => log.line('an arm whose worker is silent goes to another'));
    // Locks that were lost mean that somebody else has the arm by now; the answer is as good.
    worker.on('error', ({ message }) => {
      if (!/lock|ECONN|Connection is closed/i.test(message)) log.line(printable(message));
    });
    return worker;
  }

  private async process(job: Job, token: string, fit: string): Promise<void> {
    const began = performance.now();
    const message = readJob(job, fit);
    const tell = (ending: TaskResult | string) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(2);
      log.line(`${message.experiment} ${message.run.slice(0, 6)}  ${message.arm.name}  ${ending}  ${seconds} s`);
    };
    try {
      tell(await new Task(this.around, job, message).perform(token));
    } catch (error) {
      const { reason } = error as { reason?: unknown };
      tell(error instanceof WaitingError ? 'given back' : `failed: ${printable((error as Error).message)}`);
      if (reason instanceof Exit) this.breakDown(reason);
      throw error;
    }
  }

  /** The fault is this machine's: it takes nothing more. */
  private breakDown(fault: Exit): void {
    this.fault ??= fault;
    this.ending.abort();
  }

  /** An arm that nobody will try again is told to its run, whoever found out. */
  private async tellFailure(job: Job | undefined, { message: reason }: Error): Promise<void> {
    if (!job?.finishedOn) return;
    const id = readJobId(job.id);
    if (!id) return log.note(`a job that is none of ours was set aside: ${printable(reason)}`);
    const { arm } = (job.data ?? {}) as { arm?: { name?: unknown } };
    const name = printable(typeof arm?.name === 'string' ? arm.name : 'an arm').slice(0, 200);
    log.note(`${name} was set aside: ${printable(reason)}`);
    const tries = Math.max(job.attemptsMade, job.stalledCounter);
    const failure = { ...id, worker: this.name, arm: name, reason: printable(reason), tries };
    await deliver(this.redis, id, encodeFailure(failure));
  }

  private async announce(): Promise<void> {
    const text = encodeWorker({ ...this.me, jobs: this.plan.jobs, fit: this.fit });
    await this.redis.pipeline().set(keys.worker(this.id), text, 'EX', ANNOUNCED_FOR).sadd(keys.workers, this.id).exec();
    for (const [run, { experiment, fit, ...place }] of await runsIn(this.redis)) {
      const reason = incompatibility(fit, this.fit, 'worker');
      if (!reason || this.refused.has(run)) continue;
      this.refused.add(run);
      log.note(`refused the run ${experiment} ${run.slice(0, 6)} of ${nameOf(place)}: ${reason}`);
    }
  }
}

/** Waits, but not for ever: a Redis that is gone does not hold up the end. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const isLate = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
  await Promise.race([work.catch(() => {}), isLate]);
}
