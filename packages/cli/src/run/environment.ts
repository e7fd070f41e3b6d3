// What arms need to run in one thread: kernels, data in their memory, and the executor over both.
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
  extentOf,
  imagesFrom,
  isLarge,
  loadDevice,
  loadImages,
  MAX_CLASSES,
  mnistDigest,
  noData,
  type RunRecord,
  Training,
  type TrainingContext,
  type Variant,
} from '@descent/experiments';
import { builtin, sha256 } from '../builtin.ts';
import { findData, readImageFiles } from '../data/data.ts';
import { DataVerification, withVerifiedData } from '../data/verify-data.ts';
import { badData } from '../errors.ts';
import { log } from '../terminal/terminal.ts';

/** What to lay on the bench; plain data, for it goes to threads. */
export interface EnvironmentPlan {
  readonly variant: Variant;
  /** `mnist` or a folder; missing where the experiment needs no data. */
  readonly source?: string;
  /** How many classes the data may have; missing: what networks take decides. */
  readonly classes?: number;
  /** Whether networks are looked into as they train. */
  readonly isWatched?: boolean;
}

export interface TrainingEnvironment {
  readonly executor: Executor;
  /** What the executor works on; MNIST's files are proven to be that before the first arm or checkpoint comes out. */
  readonly data: RunRecord['data'];
  /** Proves it at once. @throws Exit where a file is not the original */
  verifyData(): void;
  /** @throws OptionError or MemoryError if arms cannot train here: on other data, or in more memory */
  check(arms: readonly ArmSpec[]): void;
  /** Whether several runs at once gain anything. */
  readonly isParallel: boolean;
  close(): Promise<void>;
}

/** @throws Exit where the data are missing or corrupt */
export async function openEnvironment(plan: EnvironmentPlan): Promise<TrainingEnvironment> {
  const { variant, source, isWatched } = plan;
  const device = await loadDevice({ variant, gunzip: builtin('zlib').gunzipSync });
  const work =
    source === undefined
      ? {
          executor: createExecutor({ device, sha256 }, pause),
          data: noData,
          verifyData() {},
          check: checkFor({ device }),
        }
      : createEnvironment(
          device,
          source,
          plan.classes,
          isWatched ? (await import('@descent/experiments/formats')).createHistogramProbe : noProbe,
        );
  return { ...work, isParallel: false, close: async () => {} };
}

type CreateProbe = (context: Pick<ExecutorContext, 'data'>) => ExecutorContext['readHistograms'];
const noProbe: CreateProbe = () => undefined;

function createEnvironment(
  device: Device,
  source: string,
  classes = MAX_CLASSES,
  lookFor: CreateProbe = noProbe,
): Pick<TrainingEnvironment, 'executor' | 'data' | 'verifyData' | 'check'> {
  const found = findData(source);
  const { name, isMnist } = found;
  const files = readImageFiles(found, (bytes) => allocate(device, bytes));
  try {
    if (!isMnist) {
      const { file } = files.trainImages;
      if (isMainThread && files.testImages.file === file) {
        log.line(`${file}: every seventh row is a test image, because no other file has labelled test images`);
      }
      const data = imagesFrom(device, files, { classes, sha256 });
      return {
        executor: createExecutor({ device, data, sha256, readHistograms: lookFor({ data }) }, pause),
        data: { name, sha256: data.sha256 },
        verifyData() {},
        check: checkFor({ device, data }),
      };
    }
    const proof = new DataVerification(files);
    const data = { ...loadImages(device, files, { classes }), sha256: mnistDigest };
    const proveAndPause = () => {
      proof.advance();
      return pause();
    };
    return {
      executor: withVerifiedData(
        createExecutor({ device, data, sha256, readHistograms: lookFor({ data }) }, proveAndPause),
        proof,
      ),
      data: { name, sha256: mnistDigest },
      verifyData: () => proof.complete(),
      check: checkFor({ device, data }),
    };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const isCount = error.expected.startsWith('labels from');
    throw badData(error.message, isCount ? '--classes says how many classes there are' : undefined);
  }
}

/** What `Workbench.check` does; arms that may not fit into memory are built, before a run leaves anything behind. */
const checkFor = (context: TrainingContext) => (arms: readonly ArmSpec[]) => {
  if (context.data) checkArms(arms, extentOf(context.data));
  for (const arm of arms) if (isLarge(arm)) new Training(arm, context).release();
};

/** In the memory of the device: the images need not be copied there. */
function allocate({ arena }: Device, bytes: number): () => Uint8Array {
  const pointer = arena.allocate(bytes);
  return () => arena.u8(pointer, bytes);
}
