// Workers that train arms side by side, as many as there are cores. Which one trains an arm never changes a bit.
import type { ArmSpec, Checkpoint, Variant } from '@descent/experiments';
import type { BenchPlan, InspectionResult, Look, Order, Report } from './messages.ts';

/** More would only take memory: each holds kernels and data of its own. */
const MOST = 8;

interface RunOrders {
  readonly signal: AbortSignal;
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  /** The step at which an arm pauses, by name. */
  readonly until?: ReadonlyMap<string, number>;
}

/** What a pool tells of its arms. */
export type ArmReport = Extract<Report, { kind: 'checkpoint' | 'arm' }>;

export interface Pool {
  /** The kernels that its workers run on. */
  readonly variant: Promise<Variant>;
  /** Trains the arms; ends when all have ended or stopped. */
  run(arms: readonly ArmSpec[], orders: RunOrders, onReport: (report: ArmReport) => void): Promise<void>;
  /** Looks into arms; what has not been looked into when it is not wanted any more is left. */
  look(looks: readonly Look[], isWanted: () => boolean, onSight: (sight: InspectionResult) => void): Promise<void>;
  close(): void;
}

/** @param arms at most so many at once */
export function openPool(plan: BenchPlan, arms: number): Pool {
  const size = Math.max(1, Math.min(arms, navigator.hardwareConcurrency || 2, MOST));
  const workers = Array.from({ length: size }, () => new ArmWorker(plan));
  return {
    variant: Promise.all(workers.map(({ ready }) => ready)).then(([variant]) => variant as Variant),
    run(specs, orders, onReport) {
      // What has not begun when the run is stopped begins when it goes on.
      return share(
        workers,
        specs,
        () => !orders.signal.aborted,
        (worker, arm) => worker.run(arm, orders, onReport),
      );
    },
    look: (looks, isWanted, onSight) => share(workers, looks, isWanted, (worker, order) => worker.look(order, onSight)),
    close: () => {
      for (const worker of workers) worker.close();
    },
  };
}

/** Each worker takes the next as it is free. */
async function share<T>(
  workers: readonly ArmWorker[],
  items: readonly T[],
  isWanted: () => boolean,
  work: (worker: ArmWorker, item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    workers.map(async (worker) => {
      await worker.ready;
      for (let item = waiting.shift(); item !== undefined && isWanted(); item = waiting.shift()) {
        await work(worker, item);
      }
    }),
  );
}

class ArmWorker {
  readonly ready: Promise<Variant>;
  readonly #worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  #onReport: (report: ArmReport) => void = () => {};
  #onSight: (sight: InspectionResult) => void = () => {};
  /** What it was last told to do: it does one thing after another. */
  #last: Promise<void> = Promise.resolve();
  #done: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor(plan: BenchPlan) {
    this.ready = new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#worker.onerror = ({ message }) => this.#fail(new Error(message || 'The worker could not be started.'));
      this.#worker.onmessage = ({ data: report }: MessageEvent<Report>) => {
        if (report.kind === 'ready') resolve(report.variant);
        else if (report.kind === 'done') this.#done();
        else if (report.kind === 'seen') this.#onSight(report.sight);
        else if (report.kind === 'failed') this.#fail(new Error(report.message));
        else this.#onReport(report);
      };
    });
    this.#tell({ kind: 'open', plan });
  }

  run(arm: ArmSpec, orders: RunOrders, onReport: (report: ArmReport) => void): Promise<void> {
    return this.#next(async () => {
      const { signal, checkpoints, until: pauses } = orders;
      const stop = () => this.#tell({ kind: 'stop' });
      signal.addEventListener('abort', stop);
      this.#onReport = onReport;
      const [checkpoint, until] = [checkpoints.get(arm.name), pauses?.get(arm.name)];
      const order = {
        kind: 'run',
        arm,
        ...(checkpoint && { checkpoint }),
        ...(until !== undefined && { until }),
      } as const;
      await this.#toEnd(order).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  look(look: Look, onSight: (sight: InspectionResult) => void): Promise<void> {
    return this.#next(() => {
      this.#onSight = onSight;
      return this.#toEnd({ kind: 'look', look });
    });
  }

  #next(work: () => Promise<void>): Promise<void> {
    const ended = this.#last.then(work);
    this.#last = ended.catch(() => {});
    return ended;
  }

  #toEnd(order: Order): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#fail = reject;
      this.#tell(order);
    });
  }

  close(): void {
    this.#worker.terminate();
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order);
  }
}
