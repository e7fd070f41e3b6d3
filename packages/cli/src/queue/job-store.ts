// The jobs of runs in a BullMQ queue.
import type { Checkpoint } from '@descent/experiments';
import { type JobType, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Exit, exitCodes } from '../exit.ts';
import { type encodeJob, MessageError, parse, parseJob, printable } from './messages.ts';
import { LIFETIME, PREFIX, toQueueName } from './names.ts';

/** Attempts of an arm that throws. */
const ATTEMPTS = 3;
/** Attempts to remove a job that workers take at the same time. */
const REMOVE_ATTEMPTS = 10;
/** Jobs per command. */
const BATCH = 500;
const ALL_STATES: JobType[] = ['active', 'waiting', 'delayed', 'completed', 'failed'];

export interface JobState {
  readonly exists: boolean;
  readonly isFinished: boolean;
  readonly result: string | undefined;
  readonly failedReason: string | undefined;
  /** Attempts, or workers that died. */
  readonly attempts: number;
  readonly worker: string;
}

interface NewJob {
  readonly id: string;
  readonly data: ReturnType<typeof encodeJob>;
}

export class JobStore {
  readonly #redis: Redis;
  readonly #queue: Queue;

  /** @param digest of the compatibility of runs and workers */
  constructor(redis: Redis, digest: string) {
    this.#redis = redis;
    // Events contain results, which are large; a missed event costs one poll.
    const streams = { events: { maxLen: 20 } };
    this.#queue = new Queue(toQueueName(digest), { connection: redis, prefix: PREFIX, streams });
    this.#queue.on('error', () => {});
  }

  /** Adds the jobs that the queue does not contain. @throws Exit if Redis is full or read-only */
  async add(jobs: readonly NewJob[]): Promise<void> {
    const opts = {
      attempts: ATTEMPTS,
      backoff: { type: 'fixed', delay: 200 },
      removeOnComplete: { age: LIFETIME },
      removeOnFail: { age: LIFETIME },
    };
    for (let first = 0; first < jobs.length; first += BATCH) {
      const batch = jobs.slice(first, first + BATCH);
      await this.#queue
        .addBulk(batch.map(({ id, data }) => ({ name: 'arm', data, opts: { ...opts, jobId: id } })))
        .catch((error: Error) => {
          throw new Exit(exitCodes.fault, `the queue accepts no jobs: ${printable(error.message)}`);
        });
    }
  }

  /** Reads the fields of BullMQ that tell how jobs ended. The data, which may be unreadable, is not needed. */
  async readStates(jobs: readonly NewJob[]): Promise<JobState[]> {
    const pipeline = this.#redis.pipeline();
    const fields = ['timestamp', 'finishedOn', 'returnvalue', 'failedReason', 'atm', 'stc', 'pb'];
    for (const { id } of jobs) pipeline.hmget(this.#queue.toKey(id), ...fields);
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([, values]) => {
      const [timestamp, finishedOn, result, failedReason, attempts, stalls, worker] = values as (string | null)[];
      return {
        exists: timestamp !== null,
        isFinished: finishedOn !== null,
        result: result ?? undefined,
        failedReason: failedReason ?? undefined,
        attempts: Math.max(Number(attempts), Number(stalls), 1),
        worker: worker ?? 'unknown worker',
      };
    });
  }

  /** Returns what workers logged about a job. */
  async readLogs(id: string): Promise<string[]> {
    return (await this.#queue.getJobLogs(id)).logs;
  }

  /** Returns the last checkpoint of a job, if it has one and its data is valid. */
  async readCheckpoint(id: string): Promise<Checkpoint | undefined> {
    const data = (await this.#redis.hget(this.#queue.toKey(id), 'data')) ?? '';
    try {
      return parseJob(parse(data, 'job')).checkpoint;
    } catch (error) {
      if (error instanceof MessageError) return undefined;
      throw error;
    }
  }

  /** Removes a job in any state. A worker that has its lock stops when it cannot renew it. */
  async remove(id: string): Promise<void> {
    const key = this.#queue.toKey(id);
    for (let attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
      await this.#redis.del(`${key}:lock`);
      await this.#queue.remove(id);
      if ((await this.#redis.exists(key)) === 0) return;
      // A worker took the job, and locked it, between the two commands.
    }
  }

  /** Removes all jobs of a run, and closes the queue. */
  async close(run: string): Promise<void> {
    const ids = await this.#queue.getRanges(ALL_STATES);
    for (const id of ids.filter((each) => each.startsWith(`${run}-`))) await this.remove(id);
    await this.#queue.close();
  }
}
