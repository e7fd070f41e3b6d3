// Arms on other machines, behind the same interface as arms on this one: put into the queue, answered through the stream
// of the run. Who runs an arm, and how often, never changes a bit; where it does, the run stops.
import { hostname } from 'node:os';
import type { ArmSpec, Checkpoint, ExecuteOptions, Executor, RunEvent } from '@descent/experiments';
import type { Redis } from 'ioredis';
import { Exit, exitCodes, listSome } from '../exit.ts';
import type { TrainingEnvironment } from '../run/environment.ts';
import type { QueueAddress } from './address.ts';
import { Answers, type Known } from './answers.ts';
import { AsyncQueue } from './async-queue.ts';
import { type Compatibility, compatibility, compatibilityDigest } from './compatibility.ts';
import { connect } from './connection.ts';
import { type Identity, identify } from './identity.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { Jobs, type Wanted } from './jobs.ts';
import { type Failure, finalIn, printable, type ResultMessage } from './messages.ts';
import { keys, tagOf } from './names.ts';
import { type CoordinatorEvent, describeFailure, type PendingRun, toldProgress } from './pending-run.ts';
import { announce, readProgress, takeDown, type Watched, WorkerMonitor } from './worker-monitor.ts';

/** Milliseconds between looks at how far arms are. */
const POLL_MS = 500;
/** Every so many glances Redis is asked for jobs that it may have lost. */
const LOST_JOB_POLLS = 6;
/** Milliseconds that workers are given to hand back what they are at. */
const SHUTDOWN_MS = 3_000;
/** Milliseconds between the checkpoints of an arm, where nobody says; they go through Redis. */
const CHECKPOINT_EVERY = 10_000;

export interface QueueLink {
  /** From here on the arms of a run go to the queue. */
  join(plan: JoinPlan): TrainingEnvironment;
  /** Leaves nothing of the run in Redis. */
  close(): Promise<void>;
}

export interface JoinPlan {
  readonly experiment: string;
  readonly variant: Compatibility['variant'];
  /** This machine's: it says what data the run is about, and draws up arms that nobody has begun. */
  readonly bench: TrainingEnvironment;
  /** Where the run is kept, if it is. */
  readonly folder?: string | undefined;
  /** What the journal has already, by seed. */
  readonly known: readonly Known[];
}

/** @throws Exit where no Redis answers */
export async function openQueue(address: QueueAddress): Promise<QueueLink> {
  const redis = await connect(address);
  let coordinator: Coordinator | undefined;
  return {
    join(plan) {
      const message = {
        host: printable(hostname()),
        pid: process.pid,
        experiment: plan.experiment,
        fit: compatibility({ variant: plan.variant, data: plan.bench.data }),
      };
      const identity = identify(plan.folder);
      const watched = { run: identity.run, shown: address.shown, message };
      coordinator = new Coordinator(redis, watched, identity, plan);
      return { ...plan.bench, executor: coordinator, isParallel: true };
    },
    async close() {
      await coordinator?.close();
      redis.disconnect();
    },
  };
}

class Coordinator implements Executor {
  private readonly jobs: Jobs;
  private readonly crowd: WorkerMonitor;
  private readonly errands = new Set<PendingRun>();
  private readonly answers: Answers;
  /** How often a tag has been asked for. */
  private readonly asked = new Map<string, number>();
  /** Tags put into the queue. A job may outlast its answer: a worker that died between the two leaves it to the next. */
  private readonly posted = new Set<string>();
  private readonly answered = new Set<string>();
  private inbox: Inbox | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;
  private glances = 0;
  private suspects = new Set<string>();

  constructor(
    private readonly redis: Redis,
    private readonly watched: Watched,
    private readonly identity: Identity,
    private readonly plan: JoinPlan,
  ) {
    const { run, message } = watched;
    this.jobs = new Jobs(redis, { run, experiment: plan.experiment, fit: compatibilityDigest(message.fit) });
    this.crowd = new WorkerMonitor(redis, watched);
    this.answers = new Answers(plan.known);
  }

  async *run(arms: readonly ArmSpec[], options: ExecuteOptions = {}): AsyncGenerator<RunEvent> {
    const wanted = arms.map((arm) => this.want(arm, options));
    const errand: PendingRun = {
      mail: new AsyncQueue(),
      waiting: new Map(wanted.map((want) => [want.tag, want])),
      steps: new Map(),
    };
    const stop = () => errand.mail.push({ kind: 'stop' });
    options.signal?.addEventListener('abort', stop);
    if (options.signal?.aborted) stop();
    this.errands.add(errand);
    try {
      if (!options.signal?.aborted) await this.begin(wanted);
      yield* this.listen(errand);
    } finally {
      options.signal?.removeEventListener('abort', stop);
      this.errands.delete(errand);
    }
  }

  private want(arm: ArmSpec, { until, checkpoints, checkpointEvery, keepFinal = false }: ExecuteOptions): Wanted {
    const end = until?.get(arm.name);
    const tag = tagOf(arm, end);
    const times = this.asked.get(tag) ?? 0;
    this.asked.set(tag, times + 1);
    const own = times === 0 ? tag : `${tag}.${times}`;
    this.posted.add(own);
    return {
      tag: own,
      arm,
      keepFinal,
      until: end,
      checkpoint: checkpoints?.get(arm.name),
      checkpointEvery: Math.min(checkpointEvery ?? CHECKPOINT_EVERY, 86_400_000),
    };
  }

  private async begin(wanted: readonly Wanted[]): Promise<void> {
    await announce(this.redis, this.watched, 'running');
    this.inbox ??= openInbox(this.redis.duplicate(), this.watched.run, {
      receive: (message, id) => this.receive(message, id),
      fail: (error) => this.fail(error),
    });
    this.timer ??= setTimeout(() => this.glance(), 0);
    if (!this.identity.isResumed) return this.jobs.add(wanted);
    // What came while nobody was there is not done again.
    await this.inbox.caughtUp;
    const open = wanted.filter(({ tag }) => !this.answered.has(tag));
    await this.jobs.clearFailed(open.map(({ tag }) => tag));
    await this.jobs.add(open);
  }

  private async *listen(errand: PendingRun): AsyncGenerator<RunEvent> {
    const failures: Failure[] = [];
    while (errand.waiting.size > 0) {
      const letter = (await errand.mail.next()) as CoordinatorEvent;
      if (letter.kind === 'stop') return yield* this.giveUp(errand);
      if (letter.kind === 'progress') yield* toldProgress(errand, letter);
      else {
        const { message, id } = letter;
        // Whose data nobody could read has no name but ours.
        const arm = errand.waiting.get(message.tag)?.arm.name;
        if (message.kind === 'failed') failures.push({ ...message, ...(arm !== undefined && { arm }) });
        yield* this.told(errand, message);
        await this.acknowledge(id);
      }
    }
    if (failures.length > 0) throw armsFailed(failures.map(describeFailure), this.plan.folder !== undefined);
  }

  /** The events of an answer. Who takes the next event has kept those before it. */
  private *told({ waiting }: PendingRun, message: ResultMessage): Generator<RunEvent> {
    const want = waiting.get(message.tag);
    waiting.delete(message.tag);
    if (message.kind === 'failed' || !want) return;
    const { checkpoint, record } = message;
    if (checkpoint && checkpoint.step > (want.checkpoint?.step ?? 0)) yield { kind: 'checkpoint', checkpoint };
    const final = finalIn(message);
    yield { kind: 'arm', record, ...(final && { final }) };
  }

  private receive(message: ResultMessage, id: string): void {
    this.answered.add(message.tag);
    const difference = message.kind === 'arm' && !this.isStopping && this.answers.compare(message);
    if (difference) this.fail(difference);
    const errand = [...this.errands].find(({ waiting }) => waiting.has(message.tag));
    if (errand) errand.mail.push({ kind: 'answer', message, id });
    else this.acknowledge(id).catch(() => {});
  }

  private fail(error: unknown): void {
    for (const { mail } of this.errands) mail.fail(error);
  }

  private async acknowledge(id: string): Promise<void> {
    await this.redis.xdel(keys.results(this.watched.run), id);
  }

  private async glance(): Promise<void> {
    try {
      if (this.errands.size > 0 && !this.isStopping) await this.look();
    } catch (error) {
      this.fail(error);
    }
    if (this.timer) this.timer = setTimeout(() => this.glance(), POLL_MS);
  }

  private async look(): Promise<void> {
    const wasUp = await announce(this.redis, this.watched, this.isStopping ? 'stopping' : 'running');
    const progress = await readProgress(this.redis, this.watched.run);
    for (const { waiting, mail } of this.errands) {
      for (const [tag, [step, steps, loss]] of progress) {
        if (waiting.has(tag)) mail.push({ kind: 'progress', tag, step, steps, loss: loss ?? Number.NaN });
      }
    }
    if (this.glances++ % 2 === 0) await this.crowd.look();
    if (!wasUp || this.glances % LOST_JOB_POLLS === 0) await this.takeStock(wasUp);
  }

  /** What Redis has lost is put in again; if it only ended a moment ago its answer is on the way, so it is asked for twice. */
  private async takeStock(wasUp: boolean): Promise<void> {
    const wanted = [...this.errands].flatMap(({ waiting }) => [...waiting.values()]);
    const missing = new Set(await this.jobs.missing(wanted.map(({ tag }) => tag)));
    const lost = wanted.filter(({ tag }) => missing.has(tag) && (!wasUp || this.suspects.has(tag)));
    this.suspects = missing;
    if (lost.length > 0) await this.jobs.add(lost);
  }

  /** Ctrl-C: what nobody is at is taken out, what somebody is at comes back as it is, and all of it is reported as interrupted. */
  private async *giveUp(errand: PendingRun): AsyncGenerator<RunEvent> {
    const deadline = performance.now() + SHUTDOWN_MS;
    const found = new Map<string, Checkpoint | undefined>();
    this.withdraw(errand).then(
      (out) => {
        for (const [tag, checkpoint] of out) found.set(tag, checkpoint);
        errand.mail.push({ kind: 'stop' });
      },
      () => {},
    );
    while ([...errand.waiting.keys()].some((tag) => !found.has(tag))) {
      const letter = await errand.mail.next(deadline);
      if (!letter) break;
      if (letter.kind === 'answer') yield* this.told(errand, letter.message);
    }
    const rest = [...errand.waiting.values()];
    const checkpoints = new Map<string, Checkpoint>();
    for (const { tag, arm, checkpoint } of rest) {
      const later = found.get(tag);
      const last = (later?.step ?? 0) > (checkpoint?.step ?? 0) ? later : checkpoint;
      if (last) checkpoints.set(arm.name, last);
      if (last && last === later) yield { kind: 'checkpoint', checkpoint: last };
    }
    yield* this.plan.bench.executor.run(
      rest.map(({ arm }) => arm),
      { signal: AbortSignal.abort(), checkpoints },
    );
  }

  private async withdraw({ waiting }: PendingRun): Promise<Map<string, Checkpoint | undefined>> {
    this.isStopping = true;
    await announce(this.redis, this.watched, 'stopping');
    return this.jobs.withdraw([...waiting.keys()]);
  }

  /** Where Redis does not answer, the file stays, and so does what a resumption would find there. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.inbox?.close();
    const clear = async () => {
      await this.jobs.withdraw([...this.posted]);
      await takeDown(this.redis, this.watched.run);
      await this.jobs.close();
      this.identity.forget();
    };
    const isLate = new Promise<void>((resolve) => setTimeout(resolve, SHUTDOWN_MS).unref());
    await Promise.race([clear().catch(() => {}), isLate]);
  }
}

/** @param arms why each failed: `trial 3 after 3 tries (host:123): out of memory` */
const armsFailed = (arms: readonly string[], isResumable: boolean) =>
  new Exit(
    exitCodes.fault,
    `${arms.length === 1 ? 'an arm' : `${arms.length} arms`} failed and ${arms.length === 1 ? 'was' : 'were'} skipped: ${listSome(arms, '; ')}`,
    isResumable ? 'finished arms are kept; --resume DIR tries the others again' : undefined,
  );
