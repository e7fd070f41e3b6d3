// The kernels, the data and the executor of one thread.
import { setImmediate as pause } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import {
  type ArmSpec,
  checkArms,
  createExecutor,
  DataError,
  type Device,
  type Executor,
  getDataExtent,
  type ImageData,
  imagesFrom,
  isLarge,
  loadDevice,
  MAX_CLASSES,
  mnistFrom,
  noData,
  type RunRecord,
  Training,
  type TrainingContext,
  type Variant,
} from '@descent/experiments';
import { builtin, sha256 } from '../builtin.ts';
import { findData, readImageFiles } from '../data/data.ts';
import { dataError } from '../exit.ts';
import { log } from '../terminal/terminal.ts';

/** The settings of an environment: plain data, because threads get a copy. */
export interface EnvironmentPlan {
  readonly variant: Variant;
  /** `mnist` or a folder; missing if the experiment needs no data. */
  readonly source?: string | undefined;
  /** How many classes the data may have; missing: as many as a network can have. */
  readonly classes?: number | undefined;
  /** Whether histograms of networks are recorded. */
  readonly isWatched?: boolean;
}

export interface TrainingEnvironment {
  readonly executor: Executor;
  /** The data of the executor. */
  readonly data: RunRecord['data'];
  /** @throws OptionError or MemoryError if arms cannot be trained: on these data, or for lack of memory */
  check(arms: readonly ArmSpec[]): void;
}

/** @throws Exit if the data are missing or corrupt */
export async function openEnvironment(plan: EnvironmentPlan): Promise<TrainingEnvironment> {
  const { variant, source, classes = MAX_CLASSES, isWatched } = plan;
  const device = await loadDevice({ variant, gunzip: builtin('zlib').gunzipSync });
  if (source === undefined)
    return { executor: createExecutor({ device, sha256 }, pause), data: noData, check: createCheck({ device }) };
  const { name, data } = loadData(device, source, classes);
  const formats = isWatched ? await import('@descent/experiments/formats') : undefined;
  const context = { device, data, sha256, readHistograms: formats?.createHistogramReader({ data }) };
  return {
    executor: createExecutor(context, pause),
    data: { name, sha256: data.sha256 },
    check: createCheck(context),
  };
}

function loadData(device: Device, source: string, classes: number): { name: string; data: ImageData } {
  const found = findData(source);
  const { name, isMnist } = found;
  const files = readImageFiles(found, (bytes) => allocate(device, bytes));
  const { file } = files.trainImages;
  if (!isMnist && isMainThread && files.testImages.file === file)
    log.line(`${file}: every seventh row is a test image, because no other file has labelled test images`);
  try {
    return { name, data: (isMnist ? mnistFrom : imagesFrom)(device, files, { classes, sha256 }) };
  } catch (error) {
    if (!(error instanceof DataError && error.expected.startsWith('labels from'))) throw error;
    throw dataError(error.message, '--classes sets the number of classes');
  }
}

/**
 * Creates `TrainingEnvironment.check`. Large arms are allocated once, so that a run without enough memory leaves no
 * files.
 */
const createCheck = (context: TrainingContext) => (arms: readonly ArmSpec[]) => {
  if (context.data) checkArms(arms, getDataExtent(context.data));
  for (const arm of arms) if (isLarge(arm)) new Training(arm, context).release();
};

/** Allocates memory of the device, so that the images need not be copied there. */
function allocate({ arena }: Device, bytes: number): () => Uint8Array {
  const pointer = arena.allocate(bytes);
  return () => arena.u8(pointer, bytes);
}
