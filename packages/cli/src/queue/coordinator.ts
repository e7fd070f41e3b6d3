// The coordinator: an executor that adds arms to a BullMQ queue and returns what the workers computed.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ArmSpec, Checkpoint, ExecuteOptions, Executor, RunEvent, Variant } from '@descent/experiments';
import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { Exit, exitCodes, listSome, withoutTag } from '../exit.ts';
import type { TrainingEnvironment } from '../run/environment.ts';
import { writeFileAtomic } from '../store/files.ts';
import { self } from '../terminal/terminal.ts';
import type { QueueAddress } from './address.ts';
import { createCompatibility, digestOf } from './compatibility.ts';
import { connect, within } from './connection.ts';
import { type JobState, JobStore } from './job-store.ts';
import {
  encodeJob,
  getFinalState,
  MessageError,
  type ProgressMessage,
  parseProgress,
  parseResult,
  printable,
  type ResultMessage,
} from './messages.ts';
import { createRunId, PREFIX, toJobId, toQueueName } from './names.ts';
import { announce, createPeer, PeerMonitor } from './peers.ts';

/** Milliseconds between polls for jobs whose events were missed, and for workers. */
const POLL_MS = 1_000;
/** Milliseconds for removing the jobs of the run at its end. */
const SHUTDOWN_MS = 3_000;
/** Default of `checkpointEvery` in milliseconds; checkpoints go through Redis. */
const CHECKPOINT_EVERY_MS = 10_000;
const MAX_CHECKPOINT_EVERY_MS = 86_400_000;

export interface QueueLink {
  /** Returns an executor whose arms are trained by the workers. */
  join(plan: JoinPlan): Promise<Executor>;
  /** Removes the run from Redis. */
  close(): Promise<void>;
}

export interface JoinPlan {
  readonly experiment: string;
  readonly variant: Variant;
  /** Environment of this machine: it names the data, and creates the records of arms that were not started. */
  readonly environment: TrainingEnvironment;
  /** Folder of the run, if it has one. */
  readonly folder?: string | undefined;
}

/** @throws Exit if Redis cannot be reached */
export async function openQueue(address: QueueAddress): Promise<QueueLink> {
  const redis = await connect(address);
  let coordinator: Coordinator | undefined;
  return {
    async join(plan) {
      const { environment, variant } = plan;
      const peer = createPeer({ role: 'run', jobs: 0, fit: createCompatibility(variant, environment.data) });
      await announce(redis, peer);
      coordinator = new Coordinator(redis, plan, digestOf(peer.fit), new PeerMonitor(redis, peer, address.shown));
      return coordinator;
    },
    async close() {
      await coordinator?.close();
      redis.disconnect();
    },
  };
}

interface PendingJob {
  readonly id: string;
  readonly arm: ArmSpec;
  readonly checkpoint: Checkpoint | undefined;
  readonly data: ReturnType<typeof encodeJob>;
  readonly messages: MessageQueue;
}

type Message =
  | { readonly kind: 'progress'; readonly job: PendingJob; readonly progress: ProgressMessage }
  | { readonly kind: 'completed'; readonly job: PendingJob; readonly result: ResultMessage }
  | { readonly kind: 'failed'; readonly job: PendingJob; readonly reason: string }
  | { readonly kind: 'stop' };

/** Messages of one `run` until it consumes them. */
class MessageQueue {
  readonly #messages: Message[] = [];
  #wake = () => {};
  #failure: { readonly error: unknown } | undefined;

  push(message: Message): void {
    this.#messages.push(message);
    this.#wake();
  }

  /** Makes `next` throw. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  async next(): Promise<Message> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const message = this.#messages.shift();
      if (message) return message;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Returns the messages that have arrived. */
  drain(): Message[] {
    return this.#messages.splice(0);
  }
}

class Coordinator implements Executor {
  readonly #redis: Redis;
  readonly #plan: JoinPlan;
  readonly #digest: string;
  readonly #monitor: PeerMonitor;
  readonly #jobs: JobStore;
  readonly #identity: RunIdentity;
  /** Jobs in the queue whose result has not been received, by id. */
  readonly #pending = new Map<string, PendingJob>();
  /** How often each job was added. */
  readonly #repetitions = new Map<string, number>();
  #events: QueueEvents | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis, plan: JoinPlan, digest: string, monitor: PeerMonitor) {
    this.#redis = redis;
    this.#plan = plan;
    this.#digest = digest;
    this.#monitor = monitor;
    this.#identity = identify(plan.folder);
    this.#jobs = new JobStore(redis, digest);
  }

  async *run(arms: readonly ArmSpec[], options: ExecuteOptions = {}): AsyncGenerator<RunEvent> {
    const messages = new MessageQueue();
    const jobs = arms.map((arm) => this.#createJob(arm, options, messages));
    const waiting = new Map(jobs.map((job) => [job.id, job]));
    const stop = () => messages.push({ kind: 'stop' });
    options.signal?.addEventListener('abort', stop);
    const failures: string[] = [];
    try {
      if (options.signal?.aborted) stop();
      else await this.#add(jobs);
      while (waiting.size > 0) {
        const message = await messages.next();
        if (message.kind === 'stop') return yield* this.#interrupt(waiting, messages);
        const { job } = message;
        if (message.kind === 'progress') {
          const [step, steps, loss] = message.progress;
          yield { kind: 'progress', arm: job.arm.name, step, steps, losses: [loss ?? Number.NaN] };
          continue;
        }
        waiting.delete(job.id);
        if (message.kind === 'completed') yield* toEvents(message.result, job);
        else failures.push(`${job.arm.name} ${message.reason}`);
        // The consumer has stored an event before it requests the next one.
        await this.#jobs.remove(job.id);
      }
    } finally {
      options.signal?.removeEventListener('abort', stop);
      for (const { id } of jobs) this.#pending.delete(id);
    }
    if (failures.length > 0) throw skipped(failures, this.#plan.folder !== undefined);
  }

  #createJob(arm: ArmSpec, options: ExecuteOptions, messages: MessageQueue): PendingJob {
    const { until, checkpoints, checkpointEvery = CHECKPOINT_EVERY_MS, keepFinal = false } = options;
    const end = until?.get(arm.name);
    const checkpoint = checkpoints?.get(arm.name);
    const id = toJobId(this.#identity.run, arm, end);
    const repetition = this.#repetitions.get(id) ?? 0;
    this.#repetitions.set(id, repetition + 1);
    const data = encodeJob({
      experiment: this.#plan.experiment,
      fit: this.#digest,
      arm,
      ...(end !== undefined && { until: end }),
      checkpointEvery: Math.min(checkpointEvery, MAX_CHECKPOINT_EVERY_MS),
      keepFinal,
      checkpoint,
    });
    return { id: repetition === 0 ? id : `${id}.${repetition}`, arm, checkpoint, data, messages };
  }

  async #add(jobs: readonly PendingJob[]): Promise<void> {
    await this.#start();
    if (this.#identity.isResumed) {
      const states = await this.#jobs.readStates(jobs);
      const failed = jobs.filter((_, index) => states[index]?.isFinished && !states[index]?.result);
      await Promise.all(failed.map(({ id }) => this.#jobs.remove(id)));
    }
    await this.#jobs.add(jobs);
    for (const job of jobs) this.#pending.set(job.id, job);
    if (this.#identity.isResumed) await this.#collect([...this.#pending.values()]);
  }

  /** Starts to listen for events and to poll. */
  async #start(): Promise<void> {
    if (this.#events) return;
    this.#events = new QueueEvents(toQueueName(this.#digest), { connection: this.#redis, prefix: PREFIX });
    this.#events.on('error', () => {});
    this.#events.on('progress', ({ jobId, data }) => this.#receiveProgress(jobId, data));
    const onFinished = ({ jobId }: { jobId: string }) => {
      const job = this.#pending.get(jobId);
      if (job) this.#collect([job]).catch((error) => this.#fail(error));
    };
    this.#events.on('completed', onFinished);
    this.#events.on('failed', onFinished);
    await this.#events.waitUntilReady();
    this.#timer = setTimeout(() => this.#poll(), POLL_MS);
  }

  #receiveProgress(id: string, data: unknown): void {
    const job = this.#pending.get(id);
    if (!job) return;
    try {
      job.messages.push({ kind: 'progress', job, progress: parseProgress(data) });
    } catch {
      // Invalid progress has no effect on results.
    }
  }

  #fail(error: unknown): void {
    for (const { messages } of this.#pending.values()) messages.fail(error);
  }

  async #poll(): Promise<void> {
    try {
      await this.#collect([...this.#pending.values()]);
      if (this.#pending.size > 0) await this.#monitor.poll();
    } catch (error) {
      this.#fail(error);
    }
    if (this.#timer) this.#timer = setTimeout(() => this.#poll(), POLL_MS);
  }

  /** Delivers the jobs that have finished, and adds those that Redis has lost. */
  async #collect(jobs: readonly PendingJob[]): Promise<void> {
    const states = await this.#jobs.readStates(jobs);
    const lost: PendingJob[] = [];
    for (const [index, job] of jobs.entries()) {
      const state = states[index];
      // Another call may have delivered it.
      if (!state || !this.#pending.has(job.id)) continue;
      if (!state.exists) lost.push(job);
      else if (state.isFinished) {
        this.#pending.delete(job.id);
        await this.#deliver(job, state);
      }
    }
    await this.#jobs.add(lost);
  }

  async #deliver(job: PendingJob, { result, failedReason, attempts, worker }: JobState): Promise<void> {
    const { messages, arm } = job;
    if (result === undefined) {
      const times = attempts === 1 ? 'once' : `${attempts} times`;
      const reason = `failed ${times} (${printable(worker)}): ${printable(failedReason ?? 'no result')}`;
      return messages.push({ kind: 'failed', job, reason });
    }
    try {
      messages.push({ kind: 'completed', job, result: parseResult(result) });
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      messages.fail(invalidResult(error));
    }
    // Workers log the fingerprints of their results; two that differ mean that one of them computes wrongly.
    const logs = await this.#jobs.readLogs(job.id);
    const other = logs.find((line) => fingerprintIn(line) !== fingerprintIn(logs[0] as string));
    if (other) messages.fail(differentResults(arm.name, [logs[0] as string, other]));
  }

  /** Removes the waiting arms from the queue and reports them as interrupted, with their last checkpoints. */
  async *#interrupt(waiting: Map<string, PendingJob>, messages: MessageQueue): AsyncGenerator<RunEvent> {
    const checkpoints = new Map<string, Checkpoint>();
    await within(SHUTDOWN_MS, this.#withdraw([...waiting.values()], checkpoints));
    for (const message of messages.drain()) {
      if (message.kind !== 'completed') continue;
      waiting.delete(message.job.id);
      yield* toEvents(message.result, message.job);
    }
    const rest = [...waiting.values()];
    for (const { arm, checkpoint } of rest) {
      const last = checkpoints.get(arm.name);
      if (last && last.step > (checkpoint?.step ?? 0)) yield { kind: 'checkpoint', checkpoint: last };
      else if (checkpoint) checkpoints.set(arm.name, checkpoint);
    }
    const arms = rest.map(({ arm }) => arm);
    yield* this.#plan.environment.executor.run(arms, { signal: AbortSignal.abort(), checkpoints });
  }

  async #withdraw(jobs: readonly PendingJob[], checkpoints: Map<string, Checkpoint>): Promise<void> {
    await this.#collect(jobs);
    for (const { id, arm } of jobs.filter(({ id }) => this.#pending.delete(id))) {
      const checkpoint = await this.#jobs.readCheckpoint(id);
      if (checkpoint) checkpoints.set(arm.name, checkpoint);
      await this.#jobs.remove(id);
    }
  }

  /** If Redis does not answer, the run can be resumed with what Redis contains then. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const clear = async () => {
      await this.#events?.close();
      await this.#jobs.close(this.#identity.run);
      this.#identity.forget();
    };
    await within(SHUTDOWN_MS, clear());
  }
}

/** Returns the events of a result. */
function* toEvents(result: ResultMessage, job: PendingJob): Generator<RunEvent> {
  const { checkpoint, record } = result;
  if (checkpoint && checkpoint.step > (job.checkpoint?.step ?? 0)) yield { kind: 'checkpoint', checkpoint };
  const final = getFinalState(result);
  yield { kind: 'arm', record, ...(final && { final }) };
}

const fingerprintIn = (line: string) => line.replace(/^\S* /, '');

interface RunIdentity {
  readonly run: string;
  /** Whether an earlier process may have left jobs and results in Redis. */
  readonly isResumed: boolean;
  /** Removes the file of the identity, when nothing of the run is left in Redis. */
  forget(): void;
}

/** Reads the id of the run of a folder, or creates one. */
function identify(folder: string | undefined): RunIdentity {
  if (folder === undefined) return { run: createRunId(), isResumed: false, forget() {} };
  const file = join(folder, 'queue.json');
  const forget = () => rmSync(file, { force: true });
  try {
    const { run } = JSON.parse(readFileSync(file, 'utf8')) as { run?: unknown };
    if (typeof run === 'string' && /^[0-9a-f]{16}$/.test(run)) return { run, isResumed: true, forget };
  } catch {
    // A missing or invalid file is replaced.
  }
  const run = createRunId();
  writeFileAtomic(file, `${JSON.stringify({ format: 'descent-queue/1', run })}\n`);
  return { run, isResumed: false, forget };
}

const skipped = (arms: readonly string[], isResumable: boolean) =>
  new Exit(
    exitCodes.fault,
    `${arms.length === 1 ? '1 arm was' : `${arms.length} arms were`} skipped: ${listSome(arms, '; ')}`,
    isResumable ? 'finished arms are kept; --resume DIR tries the others again' : undefined,
  );

const invalidResult = ({ message }: Error) =>
  new Exit(
    exitCodes.fault,
    `invalid result in the queue: ${withoutTag(message)}`,
    'another program may write to this Redis',
  );

const differentResults = (arm: string, [first, second]: readonly [string, string]) =>
  new Exit(
    exitCodes.fault,
    `two workers returned different results for ${arm}: ${printable(first)} and ${printable(second)}`,
    `one of them computes wrongly; ${self} verify finds out on each machine`,
  );
