// The worker pool of the page.
import { type Variant, WorkerPool } from '@descent/experiments';
import type { EnvironmentPlan, InspectionRequest, InspectionResult } from './messages.ts';

/** Each worker has its own kernels and data, so more workers need more memory. */
const MAX_WORKERS = 8;

/** A pool whose `ready` is the variant of its kernels, and whose queries inspect arms. */
export type Pool = WorkerPool<EnvironmentPlan, Variant, InspectionRequest, InspectionResult>;

/** Opens a pool with one worker per arm, but not more than the number of cores. */
export function openPool(plan: EnvironmentPlan, arms: number): Pool {
  return new WorkerPool({
    size: Math.max(1, Math.min(arms, navigator.hardwareConcurrency || 2, MAX_WORKERS)),
    plan,
    start(_, receive, fail) {
      const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
      worker.onmessage = ({ data }) => receive(data);
      worker.onerror = ({ message }) => fail(new Error(message || 'The worker could not be started.'));
      return { post: (request) => worker.postMessage(request), terminate: () => worker.terminate() };
    },
  });
}
