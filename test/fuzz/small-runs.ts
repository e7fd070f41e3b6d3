// Small runs of all experiments, from which targets make good records, journals and checkpoints.
import {
  type ArmSpec,
  assembleRecord,
  type Experiment,
  experiments,
  type ImageFiles,
  imageFiles,
  imagesFrom,
  loadDevice,
  noData,
  parseOptions,
  type RunRecord,
  Training,
  type TrainingContext,
} from '@descent/experiments';
import type { JournalHeader } from '@descent/experiments/records';
import { goodFiles } from '../../packages/cli/test/idx-files.ts';
import { shortOptions } from '../../packages/experiments/test/bench.ts';

/** Defined by vitest.config.ts. */
declare const DESCENT_VERSION: string;

const files = goodFiles({ train: 12, test: 5, side: 28 });
const environment = { runtime: 'node 20.0.0', os: 'Linux', cpu: 'one', descent: DESCENT_VERSION };
let context: Promise<TrainingContext & { readonly data: { readonly sha256: string } }> | undefined;

/** Returns a device with 12 training and 5 test images. */
export function smallContext() {
  context ??= loadDevice({}).then((device) => {
    const named = Object.entries(imageFiles).map(([role, file]) => [role, { file, bytes: files[file] }]);
    return { device, data: imagesFrom(device, Object.fromEntries(named) as ImageFiles) };
  });
  return context;
}

export const smallOptions = (experiment: Experiment) =>
  parseOptions(experiment.options, shortOptions(experiment)) as JournalHeader['options'];

export interface SmallRun {
  readonly header: JournalHeader;
  readonly arms: readonly ArmSpec[];
  readonly record: RunRecord;
}

export async function smallRun(experiment: Experiment): Promise<SmallRun> {
  const options = smallOptions(experiment);
  const seed = 1;
  const { data, ...rest } = await smallContext();
  const arms = experiment.arms(options as never, seed);
  const records = arms.map((spec) => {
    const training = new Training(spec, { data, ...rest } as TrainingContext);
    for (const _ of training.run());
    const record = training.record();
    training.release();
    return record;
  });
  const source = experiment.data === 'none' ? noData : { name: 'small', sha256: data.sha256 };
  const header = { experiment: experiment.name, options, seed, data: source, variant: 'simd128' as const, environment };
  return { header, arms, record: assembleRecord(experiment, { ...header, arms: records, elapsedSeconds: 1 }) };
}

export async function smallRuns(): Promise<SmallRun[]> {
  const runs: SmallRun[] = [];
  for (const experiment of experiments) runs.push(await smallRun(experiment));
  return runs;
}
