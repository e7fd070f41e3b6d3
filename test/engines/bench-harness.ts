// The benchmark in every engine: the same suites that `descent bench` runs, a few rows of them, quickly.
import { type ImageFiles, imageFiles, imagesFrom } from '@descent/experiments';
import { benchKernels, benchStep } from '@descent/experiments/bench';
import type { BenchOutcome } from './bench.test.ts';

const host = {
  clock: () => performance.now(),
  pause: () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
};

/** @param read reads a file of MNIST by its name */
export async function run(
  read: (file: string) => Promise<Uint8Array>,
  { quick }: { quick: boolean },
): Promise<Omit<BenchOutcome, 'runtime'>> {
  const entries = Object.entries(imageFiles).map(async ([role, file]) => [role, { file, bytes: await read(file) }]);
  const files = Object.fromEntries(await Promise.all(entries)) as ImageFiles;
  const kernels = await benchKernels(host, { quick, only: 'matmul', variants: ['simd128'] });
  const images = (device: Parameters<typeof imagesFrom>[0]) => imagesFrom(device, files);
  const step = await benchStep(host, { quick, only: 'SGD', variants: ['simd128'], images, data: 'mnist' });
  return { kernels, step };
}
