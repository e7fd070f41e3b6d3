// Trains arms in lockstep on several workers: no arm is more than a number of steps ahead of the slowest. Each worker
// trains its arms in turns, and a worker that must wait takes over an arm of another one.
import type { WorkerMessage } from './protocol.ts';
import type { ArmSpec } from './training/arm.ts';
import type { RunEvent } from './training/executor.ts';
import type { Checkpoint } from './training/training.ts';

/** A worker that trains arms in turns. */
export interface LockstepWorker {
  send(message: WorkerMessage): void;
}

interface Entry<W> {
  readonly spec: ArmSpec;
  /** The step at which the arm pauses or ends. */
  readonly end: number;
  step: number;
  checkpoint: Checkpoint | undefined;
  /** The worker that trains the arm. */
  worker: W | undefined;
  /** The worker for which the arm leaves its own. */
  heir: W | undefined;
  isOver: boolean;
}

interface LockstepOptions {
  readonly maxLead: number;
  readonly checkpoints?: ReadonlyMap<string, Checkpoint> | undefined;
  readonly until?: ReadonlyMap<string, number> | undefined;
}

/** Distributes arms over workers, and limits how far each trains. */
export class Lockstep<W extends LockstepWorker> {
  readonly #maxLead: number;
  readonly #entries: Map<string, Entry<W>>;
  readonly #workers = new Set<W>();
  #limit = 0;
  #finish = () => {};
  /** Resolves when every arm has ended or paused. */
  readonly over = new Promise<void>((resolve) => (this.#finish = resolve));

  constructor(arms: readonly ArmSpec[], { maxLead, checkpoints, until }: LockstepOptions) {
    this.#maxLead = maxLead;
    this.#entries = new Map(
      arms.map((spec) => {
        const checkpoint = checkpoints?.get(spec.name);
        const end = Math.min(until?.get(spec.name) ?? spec.task.steps, spec.task.steps);
        const state = { worker: undefined, heir: undefined, isOver: false };
        return [spec.name, { spec, end, step: checkpoint?.step ?? 0, checkpoint, ...state }];
      }),
    );
  }

  /** Whether every arm has ended or paused. */
  get isOver(): boolean {
    return this.#unfinished().length === 0;
  }

  /** Adds a worker that waits for arms. */
  join(worker: W): void {
    this.#workers.add(worker);
    worker.send({ kind: 'limit', step: this.#limit });
    this.#update();
  }

  /** Removes a worker that failed, with its arms. */
  drop(worker: W): void {
    this.#workers.delete(worker);
    for (const entry of this.#unfinished()) {
      if (entry.worker === worker) entry.isOver = true;
      if (entry.heir === worker) entry.heir = undefined;
    }
    this.#update();
  }

  /** Handles an event of a worker. */
  handle(event: RunEvent): void {
    const entry = this.#entries.get(
      event.kind === 'arm' ? event.record.name : event.kind === 'progress' ? event.arm : '',
    );
    if (!entry) return;
    if (event.kind === 'arm') entry.isOver = true;
    if (event.kind === 'progress') entry.step = event.step;
    this.#update();
  }

  /** Gives an arm that left its worker to the one that waits for it. */
  handleLeft(name: string, checkpoint: Checkpoint | undefined): void {
    const entry = this.#entries.get(name);
    // An arm that had just ended cannot leave.
    if (!entry || entry.isOver) return;
    const { heir } = entry;
    Object.assign(entry, { checkpoint, step: checkpoint?.step ?? 0, worker: undefined, heir: undefined });
    if (heir) this.#give(entry, heir);
    this.#update();
  }

  #unfinished(): Entry<W>[] {
    return [...this.#entries.values()].filter(({ isOver }) => !isOver);
  }

  #update(): void {
    const unfinished = this.#unfinished();
    if (unfinished.length === 0) {
      for (const worker of this.#workers) worker.send({ kind: 'end' });
      this.#workers.clear();
      this.#finish();
      return;
    }
    this.#raiseLimit(Math.min(...unfinished.map(({ step }) => step)) + this.#maxLead);
    for (const entry of unfinished) if (!entry.worker && this.#workers.size > 0) this.#give(entry, this.#leastBusy());
    for (const worker of this.#workers) if (this.#isWaiting(worker)) this.#takeOver(worker);
  }

  #raiseLimit(step: number): void {
    if (step <= this.#limit) return;
    this.#limit = step;
    for (const worker of this.#workers) worker.send({ kind: 'limit', step });
  }

  #give(entry: Entry<W>, worker: W): void {
    const { spec, end, checkpoint } = entry;
    entry.worker = worker;
    entry.checkpoint = undefined;
    worker.send({ kind: 'add', arm: spec, end, checkpoint });
  }

  #armsOf(worker: W): Entry<W>[] {
    return this.#unfinished().filter((entry) => (entry.heir ?? entry.worker) === worker);
  }

  #leastBusy(): W {
    return [...this.#workers].reduce((a, b) => (this.#armsOf(b).length < this.#armsOf(a).length ? b : a));
  }

  /** Whether all arms of a worker are at the limit, and none is on its way. */
  #isWaiting(worker: W): boolean {
    return this.#armsOf(worker).every(({ heir, step }) => !heir && step >= this.#limit);
  }

  /** Lets a waiting worker take over an arm of another one that has more than it can train meanwhile. */
  #takeOver(worker: W): void {
    // A worker without arms also takes one that must wait itself: its own worker is busy with a slower one.
    const minRoom = this.#armsOf(worker).length === 0 ? 0 : this.#maxLead / 2;
    const offers = [...this.#workers].map((other) =>
      this.#armsOf(other).filter(({ step, end }) => Math.min(end, this.#limit) - step >= minRoom),
    );
    const [most] = offers.sort((a, b) => b.length - a.length);
    const entry = most && most.length > 1 ? most.find(({ heir }) => !heir) : undefined;
    if (!entry?.worker) return;
    entry.heir = worker;
    entry.worker.send({ kind: 'remove', arm: entry.spec.name });
  }
}
