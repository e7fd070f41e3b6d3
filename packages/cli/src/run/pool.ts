// Worker pools on the threads of Node.
import { Worker } from 'node:worker_threads';
import {
  createRequestHandler,
  type PackedError,
  type PoolOptions,
  type RunRecord,
  WorkerPool,
} from '@descent/experiments';
import { Exit, threadLost, toExit } from '../exit.ts';
import { type EnvironmentPlan, openEnvironment, type TrainingEnvironment } from './environment.ts';
import { otherData } from './plan.ts';

type Data = RunRecord['data'];
type Options = PoolOptions<EnvironmentPlan, Data, never>;

/** A pool whose workers are threads. */
export type ThreadPool = WorkerPool<EnvironmentPlan, Data>;

const startThread: Options['start'] = (_, receive, fail) => {
  const worker = new Worker(new URL('./arm-worker.js', import.meta.url));
  worker.on('message', receive);
  worker.on('error', fail);
  worker.on('exit', (code) => fail(threadLost(code)));
  return { post: (request) => worker.postMessage(request), terminate: () => worker.terminate() };
};

/**
 * Opens a pool of `size` threads beside the calling one. Its `ready` is the data of the arms.
 * @param start starts a worker, if not all of them are threads
 */
export function openThreadPool(size: number, plan: EnvironmentPlan, start = startThread): ThreadPool {
  const check = ({ sha256 }: Data, first: Data) => {
    if (sha256 !== first.sha256) throw otherData(first.sha256, sha256);
  };
  return new WorkerPool({ size, plan, start, check, unpack: unpackError });
}

/** An environment whose arms are run by a pool. */
export interface PooledEnvironment extends TrainingEnvironment {
  close(): Promise<void>;
}

/** Opens an environment whose arms run on `jobs` threads: the calling one and others. */
export async function openPool(jobs: number, plan: EnvironmentPlan): Promise<PooledEnvironment> {
  const environment = await openEnvironment(plan);
  const { executor, data } = environment;
  const pool = openThreadPool(jobs, plan, (index, receive, fail) => {
    if (index > 0) return startThread(index, receive, fail);
    return { post: createRequestHandler(async () => ({ executor, ready: data }), receive, packError), terminate() {} };
  });
  return { ...environment, executor: pool, close: () => pool.close() };
}

/** Converts an error to plain data for another thread, where its class would be lost. */
export function packError(thrown: unknown): PackedError {
  const error = toExit(thrown);
  if (error instanceof Exit) return { message: error.message, code: error.code, hint: error.hint };
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
}

function unpackError({ message, stack, code, hint }: PackedError): Error {
  if (code !== undefined) return new Exit(code, message, hint);
  return Object.assign(new Error(message), { stack });
}
