// The trials of the experiments suite: on threads of this process, and by a queue with a worker of the bench's own.
import type { Variant } from '@descent/experiments';
import { benchTrials, type Host, type TrialPool, type TrialRow } from '@descent/experiments/bench';
import type { QueueAddress } from '../queue/address.ts';
import type { TrainingEnvironment } from '../run/environment.ts';
import { onFirstInterrupt } from '../run/interrupt.ts';
import { openPool } from '../run/pool.ts';

export interface TrialsPlan {
  readonly variant: Variant;
  readonly source: string;
  readonly quick: boolean;
  readonly only: string;
  /** Where trials are to go through too; `typed` is for the worker, which reads it as we did. */
  readonly queue?: { readonly typed: string; readonly address: QueueAddress } | undefined;
}

const CREWS = [1, 2];

/** Threads and queue of one size in turn; then those of the next. */
export async function timeTrials(host: Host, plan: TrialsPlan): Promise<TrialRow[]> {
  const rows: TrialRow[] = [];
  for (const [index, jobs] of CREWS.entries()) {
    const bench = await openPool(jobs, plan);
    const progress = (share: number) => host.progress?.((index + share) / CREWS.length);
    try {
      rows.push(...(await timeCrews({ ...host, progress }, bench, jobs, plan)));
    } finally {
      await bench.close();
    }
  }
  return grouped(rows);
}

/** As a reader compares them: a network after the other, threads before the queue. */
function grouped(rows: readonly TrialRow[]): TrialRow[] {
  const networks = [...new Set(rows.map(({ network }) => network))];
  const place = ({ network, by }: TrialRow) => 2 * networks.indexOf(network) + (by === 'queue' ? 1 : 0);
  return rows.toSorted((a, b) => place(a) - place(b));
}

async function timeCrews(host: Host, bench: TrainingEnvironment, jobs: number, plan: TrialsPlan): Promise<TrialRow[]> {
  const { variant, queue, only, quick } = plan;
  const options = { data: bench.data.name, only, quick };
  const threads: TrialPool = { by: 'threads', executor: bench.executor, jobs, variant };
  if (!queue) return benchTrials(host, { ...options, crews: [threads] });
  const { openOwnWorker } = await import('./own-worker.ts');
  const worker = await openOwnWorker(queue, { jobs, variant, source: plan.source });
  const release = onFirstInterrupt(() => worker.interrupt());
  try {
    const { executor } = worker.join({ experiment: 'hyperparameter_optimization', variant, bench, known: [] });
    const crews: TrialPool[] = [threads, { by: 'queue', executor, jobs, variant }];
    return await benchTrials({ ...host, signal: worker.signal }, { ...options, crews });
  } finally {
    release();
    await worker.close();
  }
}
