// Accuracy and evaluation over a data set.
import { describe, expect, test } from 'vitest';
import { exportOnnx, saveModel } from '../src/formats/index.ts';
import * as nn from '../src/index.ts';
import { device } from './devices.ts';

const nan = Number.NaN;

test.each<[string, number[], number[], number]>([
  ['all right', [1, 0, 0, 1], [0, 1], 1],
  ['none right', [1, 0, 0, 1], [1, 0], 0],
  ['one of three, as a float32', [1, 0, 1, 0, 1, 0], [0, 1, 1], Math.fround(1 / 3)],
  ['a tie goes to the first', [2, 2, 2, 2], [0, 1], 0.5],
  ['rows with a NaN are wrong', [nan, nan, nan, 1, 1, nan, 1, 0], [0, 0, 1, 0], 0.25],
])('accuracy: %s', (_, logits, labels, expected) => {
  const ids = nn.Tensor.from(device, labels, [labels.length], 'int32');
  const x = nn.Tensor.from(device, logits, [labels.length, 2]);
  const { used } = device.arena;
  expect(nn.accuracy(x, ids)).toBe(expected);
  expect(device.arena.used).toBe(used);
});

describe('evaluate', () => {
  const layers = [new nn.Linear(3, 6, { biasInit: nn.normal() }), new nn.Tanh(), new nn.Linear(6, 4)];
  const model = new nn.Sequential(layers).to(device, { inputShape: [3], batchSize: 16, seed: 5 });
  const inputs = nn.Tensor.zeros(device, [37, 3]);
  const labels = nn.Tensor.zeros(device, [37], 'int32');
  new nn.Rng(device, 1).normal(inputs, { stream: 9 });
  new nn.Rng(device, 1).integers(labels, { stream: 8, bound: 4 });
  const dataset = new nn.TensorDataset({ inputs, labels });
  const loss = new nn.CrossEntropyLoss().allocate(device, 4, 16);

  test('runs in evaluation mode and restores the mode', () => {
    const modes: boolean[] = [];
    const forward = model.forward.bind(model);
    model.forward = (x) => {
      modes.push(model.training);
      return forward(x);
    };
    nn.evaluate(model.train(), loss, dataset);
    expect([...modes, model.training]).toEqual([false, false, false, true]);
    expect(nn.evaluate(model.eval(), loss, dataset) && model.training).toBe(false);
    model.train();
  });

  test('rejects labels beyond the classes of the loss', () => {
    const two = new nn.CrossEntropyLoss().allocate(device, 2, 16);
    expect(() => nn.evaluate(model, two, dataset)).toThrow('[evaluate] expected labels below 2 but got 3');
  });

  test('rejects larger batches than the model has, and restores the mode', () => {
    expect(() => nn.evaluate(model, loss, dataset, 17)).toThrow('up to 16 rows');
    expect(model.training).toBe(true);
  });
});

describe('the state of a model does not change in', () => {
  const norm = new nn.BatchNorm1d(3);
  const [outer, inner] = [new nn.Dropout(0.5), new nn.Dropout(0.5)];
  const model = new nn.Sequential(new nn.Linear(3, 3), outer, new nn.Sequential(norm, inner), new nn.Linear(3, 2));
  model.to(device, { inputShape: [3], batchSize: 4, seed: 1 });
  const inputs = nn.Tensor.from(
    device,
    Array.from({ length: 18 }, (_, i) => Math.sin(i)),
    [6, 3],
  );
  const labels = nn.Tensor.from(device, [0, 1, 0, 1, 0, 1], [6], 'int32');
  const dataset = new nn.TensorDataset({ inputs, labels });
  const loss = new nn.CrossEntropyLoss().allocate(model);
  const readState = () => ({
    modes: [model, ...model.layers, norm, inner].map(({ training }) => training),
    steps: [model.step, outer.step, inner.step],
    running: [...model.running.data],
    used: device.arena.used,
  });
  const act: [string, () => void][] = [
    ['evaluate', () => nn.evaluate(model, loss, dataset)],
    ['an evaluate that throws', () => expect(() => nn.evaluate(model, loss, dataset, 5)).toThrow('up to 4 rows')],
    [
      'an evaluate of batches of half an example',
      () => expect(() => nn.evaluate(model, loss, dataset, 0.5)).toThrow('['),
    ],
    ['summary', () => nn.summary(model)],
    ['stateDict and saveModel', () => [model.stateDict(), model.gradientDict(), saveModel(model)]],
    ['exportOnnx', () => exportOnnx(model)],
    [
      'a pass in training within withRestoredState',
      () => nn.withRestoredState(model, () => model.train().forward(inputs.rows(0, 4))),
    ],
    [
      'a callback of withRestoredState that throws',
      () =>
        expect(() =>
          nn.withRestoredState(model, () => {
            model.train().forward(inputs.rows(0, 4));
            model.step = 90;
            throw new Error('stopped');
          }),
        ).toThrow('stopped'),
    ],
  ];

  test.each(act)('%s', (_, work) => {
    model.train();
    model.step = 3;
    [norm.training, inner.training, inner.step] = [false, false, 7];
    const before = readState();
    work();
    expect(readState()).toEqual(before);
  });

  test('evaluate, after which `backward` needs a new forward pass', () => {
    model.train();
    const pass = () => loss.forward(model.forward(inputs.rows(0, 4)), labels.rows(0, 4));
    pass();
    nn.evaluate(model, loss, dataset);
    expect(() => loss.backward()).toThrow('[CrossEntropyLoss] expected forward to come first');
    const dy = nn.Tensor.zeros(device, [4, 2]);
    expect(() => model.backward(dy)).toThrow('[Sequential] expected forward to come first');
    expect(() => norm.backward(nn.Tensor.zeros(device, [4, 3]))).toThrow(
      '[BatchNorm1d] expected forward to come first',
    );
    pass();
    model.backward(loss.backward());
  });
});
