// What arms need to run in one thread: kernels, data in their memory, and the executor over both.
import { setImmediate as pause } from 'node:timers/promises';
import {
  createExecutor,
  DataError,
  type Executor,
  imagesFrom,
  loadDevice,
  mnistFrom,
  noData,
  type RunRecord,
  type Variant,
} from '@descent/experiments';
import { findData, readImageFiles, sha256 } from './data.ts';
import { badData } from './errors.ts';

/** What to lay on the bench; plain data, for it goes to threads. */
export interface BenchPlan {
  readonly variant: Variant;
  /** `mnist` or a folder; missing where the experiment needs no data. */
  readonly source?: string;
}

export interface Workbench {
  readonly executor: Executor;
  readonly data: RunRecord['data'];
  /** Whether several runs at once gain anything. */
  readonly isParallel: boolean;
  close(): Promise<void>;
}

/** @throws Exit where the data are missing or corrupt */
export async function openWorkbench({ variant, source }: BenchPlan): Promise<Workbench> {
  const device = await loadDevice({ variant });
  const rest = { isParallel: false, close: async () => {} };
  if (source === undefined) return { executor: createExecutor({ device }, pause), data: noData, ...rest };
  const { name, folder, isMnist } = findData(source);
  const files = readImageFiles(folder);
  try {
    const images = (isMnist ? mnistFrom : imagesFrom)(device, files, { sha256 });
    return {
      executor: createExecutor({ device, data: images }, pause),
      data: { name, sha256: images.sha256 },
      ...rest,
    };
  } catch (error) {
    if (error instanceof DataError) throw badData(error.message);
    throw error;
  }
}
