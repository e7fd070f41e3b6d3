// What a coordinator looks at once a second: whether Redis still holds its run, how far arms are, and who works.
import type { Redis } from 'ioredis';
import { log } from '../terminal/terminal.ts';
import { incompatibility } from './compatibility.ts';
import {
  encodeRun,
  MessageError,
  type ProgressMessage,
  parseProgress,
  parseWorker,
  type RunMessage,
  type WorkerMessage,
} from './messages.ts';
import { keys, LIFETIME } from './names.ts';

/** Seconds without any worker after which one is asked for. */
const POLLS_WITHOUT_WORKER = 2;

export interface Watched {
  readonly run: string;
  readonly shown: string;
  readonly message: Omit<RunMessage, 'format' | 'state'>;
}

/** Puts a run up, or keeps it up. @returns whether it was up before */
export async function announce(redis: Redis, { run, message }: Watched, state: RunMessage['state']): Promise<boolean> {
  const replies = await redis
    .pipeline()
    .exists(keys.run(run))
    .set(keys.run(run), encodeRun({ ...message, state }), 'EX', LIFETIME)
    .sadd(keys.runs, run)
    .exec();
  return replies?.[0]?.[1] === 1;
}

/** Takes a run down: workers that are still at it stop, and throw away what they have. */
export async function takeDown(redis: Redis, run: string): Promise<void> {
  await redis.pipeline().del(keys.run(run), keys.results(run), keys.progress(run)).srem(keys.runs, run).exec();
}

/** Tag → how far. */
export async function readProgress(redis: Redis, run: string): Promise<Map<string, ProgressMessage>> {
  const found = new Map<string, ProgressMessage>();
  for (const [tag, text] of Object.entries(await redis.hgetall(keys.progress(run)))) {
    try {
      found.set(tag, parseProgress(text));
    } catch (error) {
      // Only for the eye, and who wrote it is to be told by its results.
      if (!(error instanceof MessageError)) throw error;
    }
  }
  return found;
}

/** Says once of each worker why it cannot help, and once that there is none that can. */
export class WorkerMonitor {
  private readonly told = new Set<string>();
  private lonely = 0;

  constructor(
    private readonly redis: Redis,
    private readonly watched: Watched,
  ) {}

  async look(): Promise<void> {
    const workers = await workersIn(this.redis);
    const reasons = workers.map(({ fit }) => incompatibility(this.watched.message.fit, fit, 'run'));
    for (const [index, reason] of reasons.entries()) {
      if (reason) this.tell(`worker ${nameOf(workers[index] as WorkerMessage)} is refused: ${reason}`);
    }
    const isLonely = reasons.every((reason) => reason !== undefined);
    this.lonely = isLonely ? this.lonely + 1 : 0;
    if (this.lonely === POLLS_WITHOUT_WORKER) {
      log.note(
        `waiting for a worker${workers.length > 0 ? ' that fits' : ''} at ${this.watched.shown}`,
        `descent worker --queue ${this.watched.shown} starts one, on this machine or another`,
      );
    }
  }

  private tell(sentence: string): void {
    if (this.told.has(sentence)) return;
    this.told.add(sentence);
    log.note(sentence);
  }
}

export const nameOf = ({ host, pid }: Pick<WorkerMessage, 'host' | 'pid'>) => `${host}:${pid}`;

/** Workers whose announcement has not run out. */
export async function workersIn(redis: Redis): Promise<WorkerMessage[]> {
  const ids = await redis.smembers(keys.workers);
  if (ids.length === 0) return [];
  const texts = await redis.mget(ids.map(keys.worker));
  const gone = ids.filter((_, index) => texts[index] === null);
  if (gone.length > 0) await redis.srem(keys.workers, gone);
  return texts.flatMap((text) => {
    if (text === null) return [];
    try {
      return [parseWorker(text)];
    } catch (error) {
      if (error instanceof MessageError) return [];
      throw error;
    }
  });
}
