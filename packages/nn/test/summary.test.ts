// The summary of a model: shapes, numbers, table.
import { expect, test } from 'vitest';
import { BatchNorm1d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, summary } from '../src/index.ts';
import { device } from './devices.ts';

function convnet(): Sequential {
  const classifier = new Sequential([new Linear(1352, 100), new BatchNorm1d(100), new ReLU(), new Linear(100, 10)]);
  const model = new Sequential([new Conv2d(1, 8, 3), new ReLU(), new MaxPool2d(2), new Flatten(), classifier]);
  return model.to(device, { inputShape: [1, 28, 28], batchSize: 2, seed: 1 });
}

test('the numbers are those of PyTorch', () => {
  const { layers, toString: _, ...all } = summary(convnet());
  expect(layers.map(({ place, layer, outputShape, parameters }) => [place, layer, outputShape, parameters])).toEqual([
    ['0', 'Conv2d', [8, 26, 26], 80],
    ['1', 'ReLU', [8, 26, 26], 0],
    ['2', 'MaxPool2d', [8, 13, 13], 0],
    ['3', 'Flatten', [1352], 0],
    ['4', 'Sequential', [10], 136_510],
    ['4.0', 'Linear', [100], 135_300],
    ['4.1', 'BatchNorm1d', [100], 200],
    ['4.2', 'ReLU', [100], 0],
    ['4.3', 'Linear', [10], 1010],
  ]);
  expect(all).toEqual({
    inputShape: [1, 28, 28],
    outputShape: [10],
    parameters: 136_590,
    trainable: 136_590,
    statistics: 200,
    bytes: 547_160,
  });
});

test('`toString` returns a table', () => {
  const model = convnet();
  for (const parameter of model.layers[0]?.parameters() ?? []) parameter.requiresGrad = false;
  expect(`${summary(model)}`).toBe(
    [
      '     layer        output          parameters',
      '     input        (B, 1, 28, 28)',
      '0    Conv2d       (B, 8, 26, 26)          80',
      '1    ReLU         (B, 8, 26, 26)           0',
      '2    MaxPool2d    (B, 8, 13, 13)           0',
      '3    Flatten      (B, 1352)                0',
      '4    Sequential   (B, 10)            136,510',
      '4.0  Linear       (B, 100)           135,300',
      '4.1  BatchNorm1d  (B, 100)               200',
      '4.2  ReLU         (B, 100)                 0',
      '4.3  Linear       (B, 10)              1,010',
      '136,590 parameters, 80 of them frozen, 200 running statistics, 547,160 bytes',
    ].join('\n'),
  );
});

test('it requires `to`, because shapes depend on that of the input', () => {
  expect(() => summary(new Sequential([new ReLU()]))).toThrow('[Sequential] expected to(device, …) to come first');
});
