// Binary files: IDX images and labels, safetensors of PyTorch, and checkpoints of runs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type ArmSpec,
  CheckpointError,
  DataError,
  type Experiment,
  experiments,
  type ImageFiles,
  imageFiles,
  imagesFrom,
  loadDevice,
  Training,
} from '@descent/experiments';
import { readCheckpoint, readNetwork, writeCheckpoint, writeOnnx, writeWeights } from '@descent/experiments/formats';
import { goodFiles } from '../../packages/cli/test/idx-files.ts';
import {
  dtypeBytes,
  readSafetensors,
  type Safetensors,
  writeWithChecksum,
} from '../../packages/nn/src/formats/index.ts';
import { mutateBytes, mutateSafetensors } from './mutations.ts';
import { smallContext, smallOptions } from './small-runs.ts';
import type { Target } from './target.ts';

const files = goodFiles({ train: 12, test: 5 });
const roles = Object.entries(imageFiles) as [keyof ImageFiles, string][];
const good = Object.fromEntries(
  roles.map(([role, file]) => [role, { file, bytes: files[file] }]),
) as unknown as ImageFiles;
const device = loadDevice({});

export const idx: Target<Uint8Array> = {
  name: 'idx',
  seeds: () => Object.values(files).map((bytes) => new Uint8Array(bytes)),
  mutate: mutateBytes,
  refusals: [DataError],
  /** Reads the bytes in place of each of the four files. Rejects them if no place accepts them. */
  async run(bytes) {
    const { arena } = await device;
    const rejections: unknown[] = [];
    for (const [role, file] of roles) {
      const mark = arena.mark();
      try {
        imagesFrom(await device, { ...good, [role]: { file, bytes } });
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        rejections.push(error);
      } finally {
        arena.release(mark);
      }
    }
    if (rejections.length === roles.length) throw rejections[0];
  },
};

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
/** Arms of the checkpoints among the seeds, by name. */
const specs = new Map<string, ArmSpec>();
const checkpoints = ['optimizer_compare_mnist', 'batch_norm_test', 'layer_norm_rnn'];

export const safetensors: Target<Uint8Array> = {
  name: 'safetensors',
  seeds: async () => {
    const golden = ['conv', 'mlp-batch-norm', 'mlp-half', 'rnn'].map((name) => {
      return new Uint8Array(readFileSync(new URL(`../../test-data/safetensors/${name}.safetensors`, import.meta.url)));
    });
    const chosen = experiments.filter(({ name }) => checkpoints.includes(name));
    return [...golden, ...(await Promise.all(chosen.map(trainCheckpoint)))];
  },
  mutate: mutateSafetensors,
  refusals: [DataError, CheckpointError],
  async run(bytes) {
    const content = readSafetensors(bytes, 'fuzz');
    checkCover(bytes, content);
    if (!content.metadata.format?.startsWith('descent-')) return;
    // With a new checksum, so that the code behind the checksum runs.
    const file = 'sha256' in content.metadata ? writeWithChecksum(content, sha256) : bytes;
    const network = readNetwork(file, 'fuzz', sha256);
    writeOnnx(network, true);
    readNetwork(writeWeights(network, sha256), 'fuzz', sha256);
    const spec = specs.get(JSON.parse(network.content.metadata.arm ?? '{}').name);
    if (!spec) return;
    new Training(spec, (await smallContext()) as never, readCheckpoint(file, spec, 'fuzz', sha256)).release();
  },
};

/** @throws Error unless tensors are as long as their shapes say and fill the file */
function checkCover(file: Uint8Array, { tensors }: Safetensors): void {
  let length = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  for (const [name, { dtype, shape, bytes }] of tensors) {
    if (shape.reduce((product, size) => product * size, dtypeBytes[dtype]) !== bytes.length)
      throw new Error(`${name} of ${dtype} [${shape}] was read from ${bytes.length} bytes`);
    length += bytes.length;
  }
  if (length !== file.length) throw new Error(`${length} bytes were read of ${file.length}`);
}

async function trainCheckpoint(experiment: Experiment): Promise<Uint8Array> {
  const [spec] = experiment.arms(smallOptions(experiment) as never, 1) as [ArmSpec];
  specs.set(spec.name, spec);
  const training = new Training(spec, (await smallContext()) as never);
  for (const _ of training.run());
  const final = training.finalState();
  training.release();
  if (!final) throw new Error(`${spec.name} trains no network`);
  const data = { name: 'small', sha256: '0'.repeat(64) };
  const origin = { data, variant: 'simd128', descent: '0.0.0', experiment: experiment.name } as const;
  return writeCheckpoint(spec, final, origin, sha256);
}
