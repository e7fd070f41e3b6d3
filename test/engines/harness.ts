// What runs in every engine: some steps of each arm on real MNIST. Bundled once, so that all of them run the same bytes.
import './traps.ts';
import {
  findExperiment,
  type ImageFiles,
  imageFiles,
  loadDevice,
  mnistFrom,
  parseOptions,
  Training,
} from '@descent/experiments';
import type { Outcome, Plan } from './engines.ts';

const SEED = 1;

/** @param read gives one of MNIST's files by its name */
export async function perform(
  read: (file: string) => Promise<Uint8Array>,
  { steps, variant }: Plan,
): Promise<Omit<Outcome, 'runtime'>> {
  const entries = Object.entries(imageFiles).map(async ([role, file]) => [role, { file, bytes: await read(file) }]);
  const files = Object.fromEntries(await Promise.all(entries)) as ImageFiles;
  const device = await loadDevice({ variant });
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
