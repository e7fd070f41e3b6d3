// Runs in every engine: some steps of each arm on real MNIST. One bundle, so that all engines run the same code.
import './forbid-inexact-math.ts';
import {
  findExperiment,
  type ImageFiles,
  imageFiles,
  loadDevice,
  mnistFrom,
  parseOptions,
  Training,
} from '@descent/experiments';
import type { HarnessOptions, HarnessResult } from './engines.ts';

const SEED = 1;

/** @param read reads a file of MNIST by its name */
export async function run(
  read: (file: string) => Promise<Uint8Array>,
  { steps }: HarnessOptions,
): Promise<Omit<HarnessResult, 'runtime'>> {
  const entries = Object.entries(imageFiles).map(async ([role, file]) => [role, { file, bytes: await read(file) }]);
  const files = Object.fromEntries(await Promise.all(entries)) as ImageFiles;
  const device = await loadDevice();
  const context = { device, data: mnistFrom(device, files) };
  const experiment = findExperiment('optimizer_compare_mnist');
  const arms = experiment.arms(parseOptions(experiment.options, { steps }), SEED).map((spec) => {
    const training = new Training(spec, context);
    const losses = [...training.run()];
    const { digest } = training.record();
    training.release();
    return { name: spec.name, digest, losses };
  });
  return { arms };
}
