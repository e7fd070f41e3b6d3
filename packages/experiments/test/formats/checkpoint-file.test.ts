// Checkpoint files: names, bytes, resuming, and invalid files.
import { DataError } from '@descent/nn';
import { readSafetensors, type SavedTensor, writeSafetensors, writeWithChecksum } from '@descent/nn/formats';
import { describe, expect, test } from 'vitest';
import { type Origin, readCheckpoint, readNetwork, writeCheckpoint, writeWeights } from '../../src/export/index.ts';
import { noData } from '../../src/record/record.ts';
import type { ArmSpec, ClassifierTask } from '../../src/training/arm.ts';
import { Training } from '../../src/training/training.ts';
import { classifier, optimizers, otherNetworks, tinyContext } from '../bench.ts';

const origin: Origin = { experiment: 'test', data: noData, variant: 'simd128', descent: '0.0.0' };

const withSteps = (spec: ArmSpec, steps: number) => ({ ...spec, task: { ...spec.task, steps } }) as ArmSpec;
const specs = [
  ...Object.entries(optimizers).map(([name, optimizer]) =>
    classifier({ optimizer, evaluateEvery: 5, steps: 20 }, name),
  ),
  classifier({ norm: 'batch', dropout: 0.3, optimizer: optimizers.Adam, steps: 20 }, 'batch norm, dropout'),
  classifier({ norm: 'batch', dropout: 0.3, dialect: 'book', evaluateEvery: 3, steps: 20 }, 'book dialect'),
  classifier({ norm: 'layer', probeEvery: 4, activation: 'tanh', steps: 20 }, 'probed'),
  ...Object.values(otherNetworks).map((spec) => withSteps(spec, 20)),
];

/** Trains an arm, from a file if there is one. */
async function trained(spec: ArmSpec, file?: Uint8Array) {
  const context = await tinyContext();
  const training = new Training(spec, context, file && readCheckpoint(file, spec, 'arm.safetensors'));
  for (const _ of training.run());
  const final = training.finalState();
  if (!final) throw new Error('no network');
  return { record: training.record(), file: writeCheckpoint(spec, final, origin) };
}

describe.each(specs.map((spec) => [spec.name, spec] as const))('%s', (_, spec) => {
  test('a run that resumes from a file has the record and the file of an uninterrupted one', async () => {
    const half = await trained(withSteps(spec, 10));
    const whole = await trained(spec);
    const resumed = await trained(spec, half.file);
    expect(resumed.record).toEqual(whole.record);
    expect(resumed.file).toEqual(whole.file);
  });

  test('a file has the state dict of the network', async () => {
    const { file } = await trained(spec);
    const { model, state, inputShape } = readNetwork(file, 'arm.safetensors');
    const context = await tinyContext();
    const training = new Training(spec, context, readCheckpoint(file, spec, 'arm.safetensors'));
    expect(state).toEqual(training.model?.stateDict());
    expect(inputShape).toEqual(training.model?.inputShape);
    expect(model.layers.map(({ name }) => name)).toEqual(training.model?.layers.map(({ name }) => name));
  });
});

const spec = specs[4] as ArmSpec;
const { file: good } = await trained(spec);

test('`writeWeights` keeps weights and running statistics only', () => {
  const weights = writeWeights(readNetwork(good, 'arm.safetensors'));
  const names = [...readSafetensors(weights).tensors.keys()];
  expect(names).toContain('0.weight');
  expect(names).toContain('1.running_mean');
  expect(names.filter((name) => !/^\d+\.\w+$/.test(name))).toEqual([]);
  expect(readNetwork(weights, 'w').state).toEqual(readNetwork(good, 'arm.safetensors').state);
  expect(writeWeights(readNetwork(weights, 'w'))).toEqual(weights);
  expect(() => readCheckpoint(weights, spec, 'w')).toThrow(/metadata with optimizer/);
});

test.each<[string, ArmSpec]>([
  ['another seed', { ...spec, seed: 9 }],
  [
    'another learning rate',
    { ...spec, task: { ...spec.task, optimizer: { ...optimizers.Adam, lr: 0.5 } } as ClassifierTask },
  ],
  ['another network', specs[0] as ArmSpec],
])('`readCheckpoint` refuses an arm with %s', (_, other) => {
  expect(() => readCheckpoint(good, other, 'f')).toThrow(/^f: expected the arm .* but got another one/);
});

type Tensors = Map<string, SavedTensor>;

/** Returns the file with changes and a valid checksum. */
function changed(change: (tensors: Tensors, metadata: Record<string, string>) => void): Uint8Array {
  const { tensors, metadata } = readSafetensors(good);
  const copy = { tensors: new Map(tensors), metadata: { ...metadata } };
  change(copy.tensors, copy.metadata);
  return writeWithChecksum(copy);
}

const withMetadata = (name: string, value: string | undefined) =>
  changed((_, metadata) => {
    if (value === undefined) delete metadata[name];
    else metadata[name] = value;
  });

const withTask = (change: object) => {
  const arm = JSON.parse(readSafetensors(good).metadata.arm as string);
  return JSON.stringify({ ...arm, task: { ...arm.task, ...change } });
};
const armWith = (network: object) => withTask({ network: { ...(spec.task as ClassifierTask).network, ...network } });

test.each<[string, Uint8Array, RegExp]>([
  [
    'a flipped bit in a weight',
    good.map((byte, at) => (at === good.length - 40 ? byte ^ 1 : byte)),
    /bytes with the sha256/,
  ],
  [
    'no checksum',
    writeSafetensors({ ...readSafetensors(good), metadata: { format: 'descent-checkpoint/1' } }),
    /sha256 \(missing\)/,
  ],
  [
    'another format',
    withMetadata('format', 'descent-checkpoint/2'),
    /a checkpoint of Descent .* the format descent-checkpoint\/2/,
  ],
  ['no arm', withMetadata('arm', undefined), /metadata with arm/],
  ['an arm that is not JSON', withMetadata('arm', '{'), /metadata with arm/],
  ['an arm without network', withMetadata('arm', '{"task":{"kind":"surface"}}'), /arm\.task\.network/],
  ['another network', withMetadata('arm', armWith({ hiddenSizes: [7, 6] })), /4\.weight|5\.weight|shape/],
  [
    'a sequence length that does not divide the input',
    withMetadata(
      'arm',
      withTask({ network: { ...(otherNetworks.recurrent.task as ClassifierTask).network, sequenceSteps: 3 } }),
    ),
    /takes its inputs/,
  ],
  ['an input shape of strings', withMetadata('inputShape', '["16"]'), /inputShape\.0/],
  ['a missing weight', changed((tensors) => tensors.delete('0.weight')), /0\.weight/],
  ['an unknown tensor', changed((tensors) => tensors.set('extra', tensors.get('0.bias') as SavedTensor)), /"extra"/],
  ['a fractional step', withMetadata('step', '1.5'), /step/],
  [
    'scalars that are strings',
    withMetadata('optimizer', '{"tensors":["mean"],"scalars":{"a":"b"}}'),
    /optimizer\.scalars\.a/,
  ],
  ['series without values', changed((tensors) => tensors.delete('series.trainLoss.value')), /series\.trainLoss\.value/],
])('`readCheckpoint` refuses %s', (_, file, message) => {
  const read = () => readCheckpoint(file, spec, 'arm.safetensors');
  expect(read).toThrow(DataError);
  expect(read).toThrow(message);
});

test('`writeCheckpoint` refuses an arm without a network', async () => {
  const checkpoint = { arm: 'a', step: 0, state: new Uint8Array(), scalars: {}, series: {} };
  const final = { checkpoint, inputShape: [1], optimizerTensors: [] };
  const surface: ArmSpec = {
    name: 'a',
    seed: 1,
    task: {
      kind: 'surface',
      surface: 'ravine' as never,
      start: [0, 0],
      optimizer: { kind: 'sgd', lr: 1, momentum: 0 },
      steps: 1,
    },
  };
  expect(() => writeCheckpoint(surface, final, origin)).toThrow(TypeError);
});
