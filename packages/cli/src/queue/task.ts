// One job in the hands of a worker: from its data, which are checked, to its answer or back into the queue.
import type { ArmRecord, Checkpoint, FinalState, RunEvent } from '@descent/experiments';
import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { Redis } from 'ioredis';
import { Exit, exitCodes } from '../exit.ts';
import { deliver, type RunState, report, runStateOf } from './delivery.ts';
import { encodeAnswer, encodeJob, type JobMessage, MessageError, parseJob } from './messages.ts';
import { readJobId } from './names.ts';
import type { ThreadPool } from './thread-pool.ts';

/** Milliseconds between reports of how far the arm is. */
const REPORT_EVERY = 500;

export interface TaskContext {
  readonly redis: Redis;
  readonly crew: ThreadPool;
  /** `host:pid`. */
  readonly name: string;
  /** Fires when the worker is to end: arms are given back. */
  readonly stopping: AbortSignal;
}

/** What became of it. */
export type TaskResult = ArmRecord['status'] | 'given back' | 'no longer wanted';

/** The job's data. @throws UnrecoverableError where they are not such, or not of this queue: trying again would not help */
export function readJob(job: Job, fit: string): JobMessage {
  try {
    const message = parseJob(job.data);
    const id = readJobId(job.id);
    if (id?.run !== message.run || id.tag !== message.tag)
      throw new MessageError('[job] expected the id of its run and tag');
    if (message.fit !== fit)
      throw new MessageError(`[job] expected fit ${fit.slice(0, 12)}… but got ${message.fit.slice(0, 12)}…`);
    return message;
  } catch (error) {
    if (error instanceof MessageError) throw new UnrecoverableError(error.message);
    throw error;
  }
}

export class Task {
  private readonly stop = new AbortController();
  private progress: Extract<RunEvent, { kind: 'progress' }> | undefined;
  private checkpoint: Checkpoint | undefined;
  private record: ArmRecord | undefined;
  private final: FinalState | undefined;
  private wish: RunState = 'running';
  /** Writes one after the other. */
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly around: TaskContext,
    private readonly job: Job,
    private readonly message: JobMessage,
  ) {
    this.checkpoint = message.checkpoint;
  }

  /** @throws what the arm throws; Exit where the fault is this worker's; WaitingError where the job has been given back */
  async perform(token: string): Promise<TaskResult> {
    const { redis, stopping } = this.around;
    this.wish = await runStateOf(redis, this.message.run);
    if (this.wish === 'over') return 'no longer wanted';
    if (stopping.aborted) return this.giveBack(token);
    if (this.wish === 'stopping') this.stop.abort();
    const end = () => this.stop.abort();
    stopping.addEventListener('abort', end);
    const timer = setInterval(() => this.tick(), REPORT_EVERY);
    try {
      await this.train();
    } catch (error) {
      // Data that are not what they should be are not the arm's fault.
      if (error instanceof Exit && error.code === exitCodes.data) await this.giveBack(token, error);
      throw error;
    } finally {
      clearInterval(timer);
      stopping.removeEventListener('abort', end);
      await this.writing;
    }
    const record = this.record as ArmRecord;
    const isCut = record.status === 'interrupted' && this.stop.signal.aborted;
    if (isCut && this.wish === 'running') return this.giveBack(token);
    return this.answer(record);
  }

  private async train(): Promise<void> {
    const { arm, until, checkpointEvery, checkpoint, keepFinal } = this.message;
    const options = {
      signal: this.stop.signal,
      checkpoints: new Map(checkpoint ? [[arm.name, checkpoint]] : []),
      until: new Map(until === undefined ? [] : [[arm.name, until]]),
      checkpointEvery,
      keepFinal,
    };
    await this.around.crew.run(arm, options, (event) => this.keep(event));
  }

  /** A checkpoint is written when the arm has gone on from it: one at the end goes with the answer. */
  private isFresh = false;

  private keep(event: RunEvent): void {
    if (event.kind === 'arm') [this.record, this.final] = [event.record, event.final];
    else if (event.kind === 'checkpoint') {
      this.checkpoint = event.checkpoint;
      this.isFresh = true;
    } else {
      this.progress = event;
      if (this.isFresh) this.write(() => this.saveCheckpoint());
      this.isFresh = false;
    }
  }

  private async saveCheckpoint(): Promise<void> {
    const { checkpoint, message } = this;
    if (checkpoint) await this.job.updateData(encodeJob({ ...message, checkpoint }));
  }

  private tick(): void {
    const { progress, message } = this;
    if (!progress) return;
    const { step, steps, losses } = progress;
    const loss = losses.at(-1) ?? Number.NaN;
    this.write(async () => {
      const text = JSON.stringify([step, steps, Number.isFinite(loss) ? loss : null]);
      this.wish = await report(this.around.redis, message, text);
      if (this.wish !== 'running') this.stop.abort();
    });
  }

  /** What is lost here costs time alone; a connection that is gone is told of elsewhere. */
  private write(work: () => Promise<void>): void {
    this.writing = this.writing.then(work).catch(() => {});
  }

  private async answer(record: ArmRecord): Promise<TaskResult> {
    const { redis, name: worker } = this.around;
    const { run, tag, arm } = this.message;
    const rest = record.status === 'interrupted' && this.checkpoint ? { checkpoint: this.checkpoint } : {};
    const text = encodeAnswer({ run, tag, worker, seed: arm.seed, record, ...rest, final: this.final });
    return (await deliver(redis, this.message, text)) ? record.status : 'no longer wanted';
  }

  /** Back to the head of the line, from where it has come to; it does not count as a try. */
  private async giveBack(token: string, reason?: Exit): Promise<never> {
    await this.saveCheckpoint();
    await this.job.moveToWait(token);
    throw Object.assign(new WaitingError('given back'), { reason });
  }
}
