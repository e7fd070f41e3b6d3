// Model files: state dicts of PyTorch give the outputs of PyTorch, and resumed training gives the same bits.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadModel, readSafetensors, saveModel, writeSafetensors, writeWithChecksum } from '../../src/formats/index.ts';
import * as nn from '../../src/index.ts';
import { device } from '../devices.ts';
import { expectClose, type GoldenArray, golden } from '../golden.ts';
import { randomNormals } from '../gradcheck.ts';

const rows = golden<{ name: string; x: GoldenArray; y: GoldenArray }[]>('state-dicts');
const readGolden = (name: string) =>
  readFileSync(new URL(`../../../../test-data/safetensors/${name}.safetensors`, import.meta.url));

const networks: Record<string, () => nn.Layer[]> = {
  'mlp-batch-norm': () => [new nn.Linear(6, 5), new nn.BatchNorm1d(5), new nn.ReLU(), new nn.Linear(5, 4)],
  'mlp-layer-norm': () => [new nn.Linear(6, 5), new nn.LayerNorm(5), new nn.Tanh(), new nn.Linear(5, 4)],
  rnn: () => [new nn.RNN(3, 5), new nn.Linear(5, 4)],
  conv: () => [
    new nn.Conv2d(2, 3, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.Linear(27, 4),
  ],
  'mlp-half': () => [new nn.Linear(6, 5), new nn.Sigmoid(), new nn.Linear(5, 4)],
  'mlp-bfloat16': () => [new nn.Linear(6, 5), new nn.Sigmoid(), new nn.Linear(5, 4)],
  'mlp-double': () => [new nn.Linear(6, 5), new nn.Sigmoid(), new nn.Linear(5, 4)],
};

function createModel(name: string, inputShape: readonly number[]): nn.Sequential {
  return new nn.Sequential(networks[name]?.() ?? []).to(device, { inputShape, batchSize: 3, seed: 1 });
}

describe('loads state dicts of PyTorch', () => {
  test.each(rows.filter(({ name }) => name !== 'mlp-double'))('$name', ({ name, x, y }) => {
    const model = createModel(name, x.shape.slice(1));
    expect(loadModel(model, readGolden(name))).toEqual({ format: 'pt' });
    expectClose(model.eval().forward(nn.Tensor.from(device, x.data, x.shape)).data, y.data, 2e-6, name);
  });
});

test('float64 weights that are not exact in float32 are rejected', () => {
  const model = createModel('mlp-double', [6]);
  expect(() => loadModel(model, readGolden('mlp-double'), { file: 'w.safetensors' })).toThrow(
    /^w\.safetensors: expected 0\.bias in float32 \(model\.float\(\) before it is saved\) but got F64 with/,
  );
});

/** A network with state of every kind: dropout, running statistics, an optimizer with tensors and scalars. */
function createTrainer(makeOptimizer = (model: nn.Sequential): nn.Optimizer => new nn.Adam(model.parameters())) {
  const layers = [new nn.Linear(6, 9), new nn.BatchNorm1d(9), new nn.ReLU(), new nn.Dropout(0.3), new nn.Linear(9, 4)];
  const model = new nn.Sequential(layers).to(device, { inputShape: [6], batchSize: 8, seed: 5 });
  const optimizer = makeOptimizer(model);
  const loss = new nn.CrossEntropyLoss().allocate(device, 4, 8);
  const labels = nn.Tensor.from(device, [0, 1, 2, 3, 0, 1, 2, 3], [8], 'int32');
  const train = (from: number, to: number) => {
    for (let step = from; step < to; step++) {
      loss.forward(model.forward(randomNormals(device, [8, 6], step)), labels);
      model.backward(loss.backward());
      optimizer.step();
    }
    return [...model.values.data, ...model.running.data];
  };
  return { model, optimizer, train };
}

const rules: [string, (model: nn.Sequential) => nn.Optimizer][] = [
  ['SGD', (model) => new nn.SGD(model.parameters(), { lr: 0.1 })],
  ['momentum', (model) => new nn.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })],
  ['Adam', (model) => new nn.Adam(model.parameters())],
];

test.each(rules)('%s resumed from a file gives the same bits', (_, rule) => {
  const [first, second] = [createTrainer(rule), createTrainer(rule)];
  first.train(0, 20);
  first.optimizer.lr = 0.05;
  const file = saveModel(first.model, { optimizer: first.optimizer, metadata: { note: 'half way' } });
  const uninterrupted = first.train(20, 40);
  second.train(0, 3);
  expect(loadModel(second.model, file, { optimizer: second.optimizer })).toMatchObject({
    note: 'half way',
    step: '20',
  });
  expect(second.model.step).toBe(20);
  expect(saveModel(second.model, { optimizer: second.optimizer, metadata: { note: 'half way' } })).toEqual(file);
  expect(second.train(20, 40)).toEqual(uninterrupted);
});

test('tensors have the names of PyTorch, those of the optimizer a prefix', () => {
  const { model, optimizer } = createTrainer();
  const { tensors } = readSafetensors(saveModel(model, { optimizer }));
  const own = ['0.weight', '4.weight', '0.bias', '1.weight', '1.bias', '4.bias'];
  const state = ['mean', 'meanSquare'].flatMap((tensor) => own.map((name) => `optimizer.${tensor}.${name}`));
  expect([...tensors.keys()]).toEqual([...own, '1.running_mean', '1.running_var', ...state]);
  expect(tensors.get('0.weight')?.shape).toEqual([9, 6]);
});

/** Returns a changed file with a valid checksum. */
function changedFile(
  change: (file: { tensors: Map<string, never>; metadata: Record<string, string> }) => void,
): Uint8Array {
  const { model, optimizer } = createTrainer();
  const file = readSafetensors(saveModel(model, { optimizer }));
  const copy = { tensors: new Map(file.tensors) as Map<string, never>, metadata: { ...file.metadata } };
  change(copy);
  return writeWithChecksum(copy);
}

const rename = (from: string, to: string) =>
  changedFile(({ tensors }) => {
    tensors.set(to, tensors.get(from) as never);
    tensors.delete(from);
  });

test.each<[string, Uint8Array, RegExp]>([
  [
    'a weight has another shape',
    changedFile(({ tensors }) => tensors.set('0.weight', tensors.get('4.weight') as never)),
    /\[9, 6\] but got \[4, 9\]/,
  ],
  ['a name is unknown', rename('0.weight', '0.weights'), /only 0\.weight, .* but got "0\.weights"/],
  ['__proto__ is unknown', rename('0.weight', '__proto__'), /but got "__proto__"/],
  [
    'the optimizer has other tensors',
    rename('optimizer.mean.0.bias', 'optimizer.means.0.bias'),
    /optimizer\.mean\.0\.bias/,
  ],
  ['the step is no number', changedFile(({ metadata }) => (metadata.step = '1e3')), /a number of steps .* "1e3"/],
  ['the numbers are no JSON', changedFile(({ metadata }) => (metadata.optimizer = '{')), /but got {/],
  [
    'the rate is infinite in float32',
    changedFile(({ metadata }) => (metadata.optimizer = '{"lr":1e300,"scalars":{"beta1Power":1,"beta2Power":1}}')),
    /groups and ranges but got \[Adam\] expected lr/,
  ],
  ['the step is beyond 2³²', changedFile(({ metadata }) => (metadata.step = '4294967296')), /a number of steps/],
])('if %s, loading fails and changes nothing', (_, file, message) => {
  const { model, optimizer } = createTrainer();
  const before = saveModel(model, { optimizer });
  const load = () => loadModel(model, file, { optimizer, file: 'model.safetensors' });
  expect(load).toThrow(nn.DataError);
  expect(load).toThrow(message);
  expect(saveModel(model, { optimizer })).toEqual(before);
});

test('a file with a flipped bit or without its checksum is rejected', () => {
  const { model, optimizer, train } = createTrainer();
  train(0, 2);
  const file = saveModel(model, { optimizer });
  for (let at = 0; at < file.length; at += 7) {
    const changed = file.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(() => loadModel(model, changed, { optimizer }), `byte ${at}`).toThrow(nn.DataError);
  }
  const { tensors, metadata } = readSafetensors(file);
  const { sha256, ...rest } = metadata;
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(() => loadModel(model, writeSafetensors({ tensors, metadata: rest }))).toThrow(/the sha256 \(missing\)/);
});

test('an optimizer of some parameters is rejected', () => {
  const { model } = createTrainer();
  const optimizer = new nn.SGD(model.parameters().slice(0, 2), { lr: 0.1, momentum: 0.9 });
  expect(() => saveModel(model, { optimizer })).toThrow(/^\[saveModel\] expected an optimizer of the model's \d+/);
  expect(() => loadModel(model, saveModel(model), { optimizer })).toThrow(
    /^\[loadModel\] expected an optimizer of the/,
  );
});

test.each([
  ['other sizes', 3],
  ['one group only', 6],
])('a file with parameter groups of %s is rejected and changes nothing', (_, first) => {
  const [saved, loaded] = [createTrainer(), createTrainer()].map(({ model }, index) => {
    const parameters = model.parameters();
    const at = index === 0 ? first : 2;
    const groups = [parameters.slice(0, at), parameters.slice(at)].filter(({ length }) => length > 0);
    const optimizer = new nn.SGD(
      groups.map((params) => ({ params })),
      { lr: 0.1, momentum: 0.9 },
    );
    return { model, optimizer };
  }) as [Trainer, Trainer];
  saved.model.values.data.fill(7);
  const before = saveModel(loaded.model, { optimizer: loaded.optimizer });
  const load = () =>
    loadModel(loaded.model, saveModel(saved.model, { optimizer: saved.optimizer }), { optimizer: loaded.optimizer });
  expect(load).toThrow(nn.DataError);
  expect(load).toThrow(/^safetensors: expected .* optimizer/);
  expect(saveModel(loaded.model, { optimizer: loaded.optimizer })).toEqual(before);
});

interface Trainer {
  readonly model: nn.Sequential;
  readonly optimizer: nn.SGD;
}

test('an optimizer of the parameters that are not frozen can be saved and resumed', () => {
  const [first, second] = [createTrainer(), createTrainer()].map(({ model }) => {
    for (const parameter of model.layers[0]?.parameters() ?? []) parameter.requiresGrad = false;
    model.grads.data.fill(0.5);
    return { model, optimizer: new nn.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 }) };
  }) as [Trainer, Trainer];
  first.optimizer.step();
  loadModel(second.model, saveModel(first.model, { optimizer: first.optimizer }), { optimizer: second.optimizer });
  for (const { optimizer } of [first, second]) optimizer.step();
  expect(second.model.values.data).toEqual(first.model.values.data);
});
