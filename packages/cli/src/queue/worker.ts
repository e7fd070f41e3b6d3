// A worker: trains arms of the queue on its threads, for every compatible run.
import { type ArmRecord, type Checkpoint, noData, type RunEvent } from '@descent/experiments';
import { encodeArm } from '@descent/experiments/schemas';
import { type Job, type Processor, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { Exit, exitCodes } from '../exit.ts';
import type { EnvironmentPlan } from '../run/environment.ts';
import { openThreadPool, type ThreadPool } from '../run/pool.ts';
import { log } from '../terminal/terminal.ts';
import type { QueueAddress } from './address.ts';
import { createCompatibility, digestOf } from './compatibility.ts';
import { connect, within } from './connection.ts';
import { encodeJob, encodeResult, type JobMessage, MessageError, parseJob, printable } from './messages.ts';
import { hashOf, isJobId, PREFIX, toQueueName } from './names.ts';
import { announce, createPeer, nameOf, PeerMonitor } from './peers.ts';

/** Workers that an arm may kill before it is skipped, beside the first. */
const MAX_STALLED_COUNT = 5;
/** Milliseconds between progress messages. */
const PROGRESS_MS = 500;
/** Milliseconds between looks for incompatible runs. */
const POLL_MS = 2_000;
/** Milliseconds for returning unfinished jobs at the end. */
const SHUTDOWN_MS = 10_000;

export interface WorkerPlan {
  readonly address: QueueAddress;
  readonly environment: EnvironmentPlan;
  readonly jobs: number;
  /** Milliseconds without a sign of life after which other workers take the arms of this one. */
  readonly patience: number;
}

/**
 * Works until `stopping` fires.
 * @throws Exit if Redis cannot be reached, or the data is missing or corrupt
 */
export async function work({ address, environment, jobs, patience }: WorkerPlan, stopping: AbortSignal): Promise<void> {
  const redis = await connect(address);
  // Training never runs in this thread, which has to renew the locks in time.
  const pool = openThreadPool(jobs, environment);
  try {
    const data = await pool.ready;
    const peer = createPeer({ role: 'worker', jobs, fit: createCompatibility(environment.variant, data) });
    await announce(redis, peer);
    const worker = new QueueWorker(redis, pool, nameOf(peer), stopping);
    worker.open(digestOf(peer.fit), jobs, patience);
    if (data.sha256 !== noData.sha256) worker.open(digestOf({ ...peer.fit, data: noData }), jobs, patience);
    const monitor = new PeerMonitor(redis, peer, address.shown);
    const timer = setInterval(() => monitor.poll().catch(() => {}), POLL_MS);
    await worker.run();
    clearInterval(timer);
  } finally {
    await pool.close();
    redis.disconnect();
  }
}

/** A worker of BullMQ that fails jobs whose data is not JSON, instead of retrying them forever. */
class TolerantWorker extends Worker {
  protected override createJob(raw: Parameters<Worker['createJob']>[0], id: string): Job {
    try {
      return super.createJob(raw, id);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return super.createJob({ ...raw, data: JSON.stringify('no JSON') }, id);
    }
  }
}

class QueueWorker {
  readonly #redis: Redis;
  readonly #pool: ThreadPool;
  readonly #name: string;
  readonly #workers: Worker[] = [];
  /** Fires when the worker is to end. */
  readonly #ending = new AbortController();
  #error: Exit | undefined;

  constructor(redis: Redis, pool: ThreadPool, name: string, stopping: AbortSignal) {
    this.#redis = redis;
    this.#pool = pool;
    this.#name = name;
    if (stopping.aborted) this.#ending.abort();
    stopping.addEventListener('abort', () => this.#ending.abort());
  }

  /** Takes jobs of a queue. */
  open(digest: string, concurrency: number, patience: number): void {
    // BullMQ passes a signal to functions of three parameters without defaults.
    const process: Processor = (job, token, signal) =>
      this.#process(job, digest, token as string, signal as AbortSignal);
    const worker = new TolerantWorker(toQueueName(digest), process, {
      connection: this.#redis,
      prefix: PREFIX,
      name: this.#name,
      concurrency,
      lockDuration: patience,
      stalledInterval: patience / 2,
      maxStalledCount: MAX_STALLED_COUNT,
      runRetryDelay: 1_000,
    });
    worker.on('failed', (job, { message }) => {
      if (job?.finishedOn) log.note(`skipped ${armName(job)}: ${printable(message)}`);
    });
    worker.on('stalled', () => log.line('an arm of a silent worker goes to another worker'));
    // The job was removed, or another worker has it.
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) worker.cancelJob(id);
    });
    worker.on('error', ({ message }) => {
      if (!/lock|Missing key|ECONN|Connection is closed/i.test(message)) log.line(printable(message));
    });
    this.#workers.push(worker);
  }

  /** Works until the end, then returns unfinished jobs to the queue. @throws Exit if the data of this machine is bad */
  async run(): Promise<void> {
    const { signal } = this.#ending;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await within(SHUTDOWN_MS, Promise.all(this.#workers.map((worker) => worker.close())));
    if (this.#error) throw this.#error;
  }

  async #process(job: Job, digest: string, token: string, signal: AbortSignal): Promise<unknown> {
    const start = performance.now();
    const message = readJob(job, digest);
    const report = (outcome: string) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(2);
      log.line(`${message.experiment} ${job.id?.slice(0, 6)}  ${message.arm.name}  ${outcome}  ${seconds} s`);
    };
    try {
      const { record, ...rest } = await this.#train(job, message, token, signal);
      await job.log(`${this.#name} ${fingerprint(record)}`);
      report(record.status);
      return encodeResult({ record, ...rest });
    } catch (error) {
      report(
        error instanceof WaitingError ? 'returned to the queue' : `failed: ${printable((error as Error).message)}`,
      );
      throw error;
    }
  }

  async #train(job: Job, message: JobMessage, token: string, signal: AbortSignal) {
    const { arm, until, checkpointEvery, keepFinal } = message;
    const task = new TaskState(job, message);
    const ending = this.#ending.signal;
    const options = {
      signal: AbortSignal.any([signal, task.removed, ending]),
      checkpoints: new Map(message.checkpoint ? [[arm.name, message.checkpoint]] : []),
      until: new Map(until === undefined ? [] : [[arm.name, until]]),
      checkpointEvery,
      keepFinal,
    };
    const timer = setInterval(() => task.writeProgress(), PROGRESS_MS);
    try {
      for await (const event of this.#pool.run([arm], options)) task.receive(event);
    } catch (error) {
      if (!(error instanceof Exit && error.code === exitCodes.data)) throw error;
      // The data of this machine is bad: the arm is not at fault.
      this.#error ??= error;
      this.#ending.abort();
      await task.returnJob(token);
    } finally {
      clearInterval(timer);
      await task.written;
    }
    const { record, final, checkpoint } = task;
    if (!record) throw new Error('the thread returned no record');
    const isInterrupted = record.status === 'interrupted';
    if (isInterrupted && (signal.aborted || task.removed.aborted)) throw new Error('no longer wanted');
    if (isInterrupted && ending.aborted) await task.returnJob(token);
    return { record, checkpoint: isInterrupted ? checkpoint : undefined, final };
  }
}

/** Progress, checkpoints and record of a job while it is trained. */
class TaskState {
  readonly #job: Job;
  readonly #message: JobMessage;
  readonly #removed = new AbortController();
  /** Completes when all writes are done, one after the other. */
  written: Promise<void> = Promise.resolve();
  #progress: Extract<RunEvent, { kind: 'progress' }> | undefined;
  checkpoint: Checkpoint | undefined;
  /** Whether the checkpoint has to be written when the arm continues; the last one is part of the result. */
  #isNew = false;
  record: ArmRecord | undefined;
  final: Extract<RunEvent, { kind: 'arm' }>['final'];

  constructor(job: Job, message: JobMessage) {
    this.#job = job;
    this.#message = message;
    this.checkpoint = message.checkpoint;
  }

  /** Fires when the job was removed from the queue. */
  get removed(): AbortSignal {
    return this.#removed.signal;
  }

  receive(event: RunEvent): void {
    if (event.kind === 'arm') {
      this.record = event.record;
      this.final = event.final;
    } else if (event.kind === 'checkpoint') {
      this.checkpoint = event.checkpoint;
      this.#isNew = true;
    } else {
      this.#progress = event;
      if (this.#isNew) this.#write(() => this.#writeCheckpoint());
      this.#isNew = false;
    }
  }

  writeProgress(): void {
    if (!this.#progress) return;
    const { step, steps, losses } = this.#progress;
    const loss = losses.at(-1) ?? Number.NaN;
    this.#write(() => this.#job.updateProgress([step, steps, Number.isFinite(loss) ? loss : null] as never));
  }

  /** Returns the job to the front of the queue with its checkpoint; it does not count as an attempt. */
  async returnJob(token: string): Promise<never> {
    await this.written;
    await this.#writeCheckpoint();
    await this.#job.moveToWait(token);
    throw new WaitingError('returned to the queue');
  }

  async #writeCheckpoint(): Promise<void> {
    const { checkpoint } = this;
    if (checkpoint) await this.#job.updateData(encodeJob({ ...this.#message, checkpoint }));
  }

  /** A failed write costs time only. */
  #write(work: () => Promise<void>): void {
    this.written = this.written.then(work).catch(({ message }) => {
      if (/Missing key/.test(message)) this.#removed.abort();
    });
  }
}

/** Reads the data of a job. @throws UnrecoverableError if it is invalid or not for this queue */
function readJob(job: Job, digest: string): JobMessage {
  try {
    const message = parseJob(job.data);
    if (!isJobId(job.id)) throw new MessageError('[job] expected an id of a run');
    if (message.fit === digest) return message;
    throw new MessageError(`[job] expected fit ${digest.slice(0, 12)}… but got ${message.fit.slice(0, 12)}…`);
  } catch (error) {
    if (error instanceof MessageError) throw new UnrecoverableError(error.message);
    throw error;
  }
}

function armName({ data }: Job): string {
  const name = (data as { arm?: { name?: unknown } } | null)?.arm?.name;
  return typeof name === 'string' ? printable(name).slice(0, 200) : 'a job';
}

/** Returns a short digest of all that a result contains. */
const fingerprint = (record: ArmRecord) =>
  `digest ${record.digest.slice(0, 12)}… (record ${hashOf(encodeArm(record)).slice(0, 8)})`;
