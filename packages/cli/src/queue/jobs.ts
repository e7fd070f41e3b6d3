// The jobs of one run among all of its fit, as BullMQ keeps them.
import type { ArmSpec, Checkpoint } from '@descent/experiments';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { Exit, exitCodes } from '../exit.ts';
import { encodeJob, MessageError, parseJob, printable } from './messages.ts';
import { jobIdOf, LIFETIME, PREFIX, queueOf } from './names.ts';

/** How often an arm that throws is tried; one that takes its worker down with it, a little more often (`MOST_STALLS`). */
const TRIES = 3;
/** Jobs put in at once. */
const BATCH = 500;

export interface Wanted {
  readonly tag: string;
  readonly arm: ArmSpec;
  readonly until?: number | undefined;
  readonly checkpointEvery: number;
  readonly keepFinal: boolean;
  readonly checkpoint?: Checkpoint | undefined;
}

interface Owner {
  readonly run: string;
  readonly experiment: string;
  /** Digest. */
  readonly fit: string;
}

export class Jobs {
  private readonly queue: Queue;

  constructor(
    private readonly redis: Redis,
    private readonly owner: Owner,
  ) {
    this.queue = new Queue(queueOf(owner.fit), {
      connection: redis,
      prefix: PREFIX,
      streams: { events: { maxLen: 100 } },
    });
    this.queue.on('error', () => {});
  }

  /** Puts in what is not there yet. @throws Exit where Redis has no room, or may not be written to */
  async add(wanted: readonly Wanted[]): Promise<void> {
    for (let first = 0; first < wanted.length; first += BATCH) {
      const jobs = wanted.slice(first, first + BATCH).map((want) => this.describe(want));
      await this.queue.addBulk(jobs).catch((error: Error) => {
        throw badReply(printable(error.message));
      });
    }
  }

  private describe({ until, checkpoint, ...rest }: Wanted) {
    const { run, experiment, fit } = this.owner;
    const pause = until === undefined ? {} : { until };
    return {
      name: 'arm',
      data: encodeJob({ run, experiment, fit, ...rest, ...pause, ...(checkpoint && { checkpoint }) }),
      opts: {
        jobId: jobIdOf(run, rest.tag),
        attempts: TRIES,
        backoff: { type: 'fixed', delay: 200 },
        removeOnComplete: true,
        removeOnFail: { age: LIFETIME, count: 1_000 },
      },
    };
  }

  /** Those of the tags whose jobs Redis does not know: lost, or done a moment ago. */
  async missing(tags: readonly string[]): Promise<string[]> {
    const pipeline = this.redis.pipeline();
    for (const tag of tags) pipeline.exists(this.queue.toKey(this.idOf(tag)));
    const replies = (await pipeline.exec()) ?? [];
    return tags.filter((_, index) => replies[index]?.[1] === 0);
  }

  /** What an earlier process saw set aside is tried again. */
  async clearFailed(tags: readonly string[]): Promise<void> {
    for (const tag of tags) {
      const id = this.idOf(tag);
      if ((await this.queue.getJobState(id)) === 'failed') await this.queue.remove(id);
    }
  }

  /**
   * Takes out what nobody is at.
   * @returns the tags that are out, each with where its arm had come to, if it had begun
   */
  async withdraw(tags: readonly string[]): Promise<Map<string, Checkpoint | undefined>> {
    const out = new Map<string, Checkpoint | undefined>();
    const missing = new Set(await this.missing(tags));
    for (const tag of tags.filter((each) => !missing.has(each))) {
      const checkpoint = await this.checkpointOf(tag);
      if ((await this.queue.remove(this.idOf(tag))) === 1) out.set(tag, checkpoint);
    }
    return out;
  }

  close(): Promise<void> {
    return this.queue.close();
  }

  /** None where the data are not what they should be, or not even JSON. */
  private async checkpointOf(tag: string): Promise<Checkpoint | undefined> {
    try {
      return parseJob((await this.queue.getJob(this.idOf(tag)))?.data).checkpoint;
    } catch (error) {
      if (error instanceof MessageError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  private readonly idOf = (tag: string) => jobIdOf(this.owner.run, tag);
}

const badReply = (reason: string) => new Exit(exitCodes.fault, `the queue accepts no jobs: ${reason}`);
