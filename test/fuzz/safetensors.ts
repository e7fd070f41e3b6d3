// Files of weights: PyTorch's, and checkpoints of runs. Read, exported and gone on from in every way that the program has.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ArmSpec, CheckpointError, DataError, type Experiment, experiments, Training } from '@descent/experiments';
import { readCheckpoint, readNetwork, writeCheckpoint, writeOnnx, writeWeights } from '@descent/experiments/formats';
import {
  dtypeBytes,
  readSafetensors,
  type Safetensors,
  writeWithChecksum,
} from '../../packages/nn/src/formats/index.ts';
import { mutateSafetensors } from './mutate-safetensors.ts';
import { contextOfRuns, smallOptions } from './runs.ts';
import type { Target } from './target.ts';

const golden = ['conv', 'mlp-batch-norm', 'mlp-half', 'rnn'];
/** Of different networks: plain, with batch norm, recurrent. */
const trained = ['optimizer_compare_mnist', 'batch_norm_test', 'layer_norm_rnn'];
const origin = { data: { name: 'small', sha256: '0'.repeat(64) }, variant: 'simd128', descent: '0.0.0' } as const;
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
/** Arms that have a seed, by name. */
const specs = new Map<string, ArmSpec>();

export const safetensors: Target<Uint8Array> = {
  name: 'safetensors',
  seeds: async () => {
    const folder = new URL('../../test-data/safetensors/', import.meta.url);
    const theirs = golden.map((name) => new Uint8Array(readFileSync(new URL(`${name}.safetensors`, folder))));
    const chosen = experiments.filter(({ name }) => trained.includes(name));
    return [...theirs, ...(await Promise.all(chosen.map(checkpointOf)))];
  },
  mutate: (seed, random) => mutateSafetensors(seed, random.below),
  refusals: [DataError, CheckpointError],
  async run(bytes) {
    const content = readSafetensors(bytes, 'fuzz');
    checkCover(bytes, content);
    // Sealed anew, so that what is behind the digest is reached.
    const file = 'sha256' in content.metadata ? writeWithChecksum(content, sha256) : bytes;
    if (content.metadata.format?.startsWith('descent-')) await goThrough(file);
  },
};

/** As `export` does, and as a run that goes on from a finished arm. */
async function goThrough(file: Uint8Array): Promise<void> {
  const network = readNetwork(file, 'fuzz', sha256);
  writeOnnx(network, true);
  readNetwork(writeWeights(network, sha256), 'fuzz', sha256);
  const spec = specs.get(JSON.parse(network.content.metadata.arm ?? '{}').name);
  if (!spec) return;
  const context = await contextOfRuns();
  new Training(spec, context as never, readCheckpoint(file, spec, 'fuzz', sha256)).release();
}

/** @throws Error unless tensors are as long as their shapes say and fill the file together */
function checkCover(file: Uint8Array, { tensors }: Safetensors): void {
  let length = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  for (const [name, { dtype, shape, bytes }] of tensors) {
    if (shape.reduce((product, size) => product * size, dtypeBytes[dtype]) !== bytes.length)
      throw new Error(`${name} of ${dtype} [${shape}] was read from ${bytes.length} bytes`);
    length += bytes.length;
  }
  if (length !== file.length) throw new Error(`${length} bytes were read of ${file.length}`);
}

/** What a run leaves of its first arm. */
async function checkpointOf(experiment: Experiment): Promise<Uint8Array> {
  const [spec] = experiment.arms(smallOptions(experiment) as never, 1) as [ArmSpec];
  specs.set(spec.name, spec);
  const training = new Training(spec, (await contextOfRuns()) as never);
  for (const _ of training.run());
  const final = training.finalState();
  training.release();
  if (!final) throw new Error(`${spec.name} trains no network`);
  return writeCheckpoint(spec, final, { ...origin, experiment: experiment.name }, sha256);
}
