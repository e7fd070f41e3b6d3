// Workers that train arms side by side, as many as there are cores. Which one trains an arm never changes a bit.
import type { ArmSpec, Checkpoint, Variant } from '@descent/experiments';
import type { BenchPlan, Order, Report } from './messages.ts';

/** More would only take memory: each holds kernels and data of its own. */
const MOST = 8;

interface RunOrders {
  readonly signal: AbortSignal;
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  /** The step at which an arm pauses, by name. */
  readonly until?: ReadonlyMap<string, number>;
}

/** What a pool tells of its arms. */
export type ArmReport = Extract<Report, { kind: 'progress' | 'checkpoint' | 'arm' }>;

export interface Pool {
  /** The kernels that its workers run on. */
  readonly variant: Promise<Variant>;
  /** Trains the arms; ends when all have ended or stopped. */
  run(arms: readonly ArmSpec[], orders: RunOrders, onReport: (report: ArmReport) => void): Promise<void>;
  close(): void;
}

/** @param arms at most so many at once */
export function openPool(plan: BenchPlan, arms: number): Pool {
  const size = Math.max(1, Math.min(arms, navigator.hardwareConcurrency || 2, MOST));
  const workers = Array.from({ length: size }, () => new ArmWorker(plan));
  return {
    variant: Promise.all(workers.map(({ ready }) => ready)).then(([variant]) => variant as Variant),
    async run(specs, orders, onReport) {
      const waiting = [...specs];
      await Promise.all(
        workers.map(async (worker) => {
          await worker.ready;
          for (let arm = waiting.shift(); arm; arm = waiting.shift()) {
            // What has not begun when the run is stopped begins when it goes on.
            if (orders.signal.aborted) return;
            await worker.run(arm, orders, onReport);
          }
        }),
      );
    },
    close: () => {
      for (const worker of workers) worker.close();
    },
  };
}

class ArmWorker {
  readonly ready: Promise<Variant>;
  readonly #worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  #onReport: (report: ArmReport) => void = () => {};
  #done: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor(plan: BenchPlan) {
    this.ready = new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#worker.onerror = ({ message }) => this.#fail(new Error(message || 'The worker could not be started.'));
      this.#worker.onmessage = ({ data: report }: MessageEvent<Report>) => {
        if (report.kind === 'ready') resolve(report.variant);
        else if (report.kind === 'done') this.#done();
        else if (report.kind === 'failed') this.#fail(new Error(report.message));
        else this.#onReport(report);
      };
    });
    this.#tell({ kind: 'open', plan });
  }

  run(arm: ArmSpec, orders: RunOrders, onReport: (report: ArmReport) => void): Promise<void> {
    const { signal, checkpoints, until: pauses } = orders;
    const stop = () => this.#tell({ kind: 'stop' });
    signal.addEventListener('abort', stop);
    this.#onReport = onReport;
    const [checkpoint, until] = [checkpoints.get(arm.name), pauses?.get(arm.name)];
    this.#tell({ kind: 'run', arm, ...(checkpoint && { checkpoint }), ...(until !== undefined && { until }) });
    const ended = new Promise<void>((resolve, reject) => {
      this.#done = resolve;
      this.#fail = reject;
    });
    return ended.finally(() => signal.removeEventListener('abort', stop));
  }

  close(): void {
    this.#worker.terminate();
  }

  #tell(order: Order): void {
    this.#worker.postMessage(order);
  }
}
