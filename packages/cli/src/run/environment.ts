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
  type ExecutorContext,
  getDataExtent,
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
  readonly source?: string;
  /** How many classes the data may have; missing: as many as a network can have. */
  readonly classes?: number;
  /** Whether histograms of networks are recorded. */
  readonly isWatched?: boolean;
}

export interface TrainingEnvironment {
  readonly executor: Executor;
  /** The data of the executor. */
  readonly data: RunRecord['data'];
  /** @throws OptionError or MemoryError if arms cannot be trained: on these data, or for lack of memory */
  check(arms: readonly ArmSpec[]): void;
  /** Whether several runs can progress at the same time. */
  readonly isParallel: boolean;
  close(): Promise<void>;
}

/** @throws Exit if the data are missing or corrupt */
export async function openEnvironment(plan: EnvironmentPlan): Promise<TrainingEnvironment> {
  const { variant, source, isWatched } = plan;
  const device = await loadDevice({ variant, gunzip: builtin('zlib').gunzipSync });
  const rest = { isParallel: false, close: async () => {} };
  if (source === undefined) {
    const executor = createExecutor({ device, sha256 }, pause);
    return { executor, data: noData, check: createCheck({ device }), ...rest };
  }
  const createProbe = isWatched
    ? (await import('@descent/experiments/formats')).createHistogramReader
    : () => undefined;
  return { ...createEnvironment(device, source, plan.classes ?? MAX_CLASSES, createProbe), ...rest };
}

function createEnvironment(
  device: Device,
  source: string,
  classes: number,
  createProbe: (context: Pick<ExecutorContext, 'data'>) => ExecutorContext['readHistograms'],
): Pick<TrainingEnvironment, 'executor' | 'data' | 'check'> {
  const found = findData(source);
  const { name, isMnist } = found;
  const files = readImageFiles(found, (bytes) => allocate(device, bytes));
  try {
    const { file } = files.trainImages;
    if (!isMnist && isMainThread && files.testImages.file === file)
      log.line(`${file}: every seventh row is a test image, because no other file has labelled test images`);
    const data = (isMnist ? mnistFrom : imagesFrom)(device, files, { classes, sha256 });
    const executor = createExecutor({ device, data, sha256, readHistograms: createProbe({ data }) }, pause);
    return { executor, data: { name, sha256: data.sha256 }, check: createCheck({ device, data }) };
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
