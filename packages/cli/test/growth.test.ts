// Images in wasm memory, which detaches its views at each allocation here (test/detach-on-allocate.ts), while they are being verified.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { experiments, parseOptions } from '@descent/experiments';
import { expect, test } from 'vitest';
import { openEnvironment } from '../src/run/environment.ts';
import { descent, scratch } from './descent.ts';
import { goodFiles, writeFiles } from './idx-files.ts';

const cwd = scratch();

/** Every second file is gzipped, so that it is not read into wasm memory. */
const mixed = Object.entries(goodFiles()).map(([name, content], index) =>
  index % 2 === 0 ? [name, content] : [`${name}.gz`, gzipSync(content)],
);

const experiment = experiments.find(({ name }) => name === 'optimizer_compare_mnist') as (typeof experiments)[number];

async function digestOf(source: string): Promise<string[]> {
  const small = { steps: 2, hiddenSizes: [5], trainSamples: 100, testSamples: 20, batchSize: 8 };
  const bench = await openEnvironment({ variant: 'simd128', source, isWatched: true });
  const digests: string[] = [];
  for await (const event of bench.executor.run(experiment.arms(parseOptions(experiment.options, small), 1), {
    monitor: { histogramCount: 2 },
  })) {
    if (event.kind === 'arm') digests.push(event.record.digest);
  }
  bench.verifyData();
  return digests;
}

test('MNIST is verified in memory that grows', async () => {
  expect(new Set(await digestOf('mnist')).size).toBe(4);
});

test('files in and beside wasm memory give the same run', async () => {
  const plain = writeFiles(join(cwd, 'plain'), goodFiles());
  const half = writeFiles(join(cwd, 'half'), Object.fromEntries(mixed));
  expect(await digestOf(half)).toEqual(await digestOf(plain));
});

test.concurrent.for([
  ['optimizer_compare_mnist --batch-size 4096 --steps 1', 'mnist'],
  ['hyperparameter_optimization --hidden-sizes 2048x4 --trials 1 --epochs 1 --train-samples 100', 'plain'],
] as const)('`descent run %s` outgrows the reserved memory', async ([run, data]) => {
  const source = data === 'plain' ? writeFiles(join(cwd, 'own'), goodFiles()) : data;
  const { code, stderr, stdout } = await descent(`run ${run} --quiet --json --data ${source}`, { cwd });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout).arms.every(({ status }: { status: string }) => status === 'finished')).toBe(true);
});
