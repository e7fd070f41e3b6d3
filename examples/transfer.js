// Transfer learning: train, save, load, freeze, fine-tune. The first network classifies the points of a square into three rings. The second
// freezes its hidden layers and trains a new last layer, on a tenth of the points, to detect the middle ring.
import { readFile, rm, writeFile } from 'node:fs/promises';
import {
  AdamW,
  CrossEntropyLoss,
  DataLoader,
  evaluate,
  Linear,
  loadDevice,
  Rng,
  Sequential,
  StepLR,
  streamOf,
  summary,
  Tanh,
  Tensor,
  TensorDataset,
} from '@descent/nn';
import { loadModel, saveModel } from '@descent/nn/formats';

const FILE = new URL('rings.safetensors', import.meta.url);
const device = await loadDevice();
const network = (classes) =>
  new Sequential(new Linear(2, 32), new Tanh(), new Linear(32, 32), new Tanh(), new Linear(32, classes));
const shape = { inputShape: [2], batchSize: 32, seed: 1 };

const all = rings(600, (ring) => ring);
const first = network(3).to(device, shape);
train(first, all, 60);
await writeFile(FILE, saveModel(first));

// `loadModel` requires the same names and shapes.
const restored = network(3).to(device, shape);
loadModel(restored, await readFile(FILE));
await rm(FILE);
console.log(`accuracy after loading: ${percent(restored, all)}`);

// The last layer differs, so copy the state of the others only. PyTorch: `strict=False`.
const second = network(2).to(device, shape);
const hidden = Object.entries(restored.stateDict()).filter(([name]) => !name.startsWith('4.'));
second.loadStateDict({ ...second.stateDict(), ...Object.fromEntries(hidden) });
for (const layer of second.layers.slice(0, -1))
  for (const parameter of layer.parameters()) parameter.requiresGrad = false;
console.log(`${summary(second)}\n`);

const few = rings(60, (ring) => Number(ring === 1));
train(second, few, 60);
console.log(
  `middle ring: ${percent(
    second,
    rings(600, (ring) => Number(ring === 1)),
  )}, from ${few.length} points`,
);

function train(model, dataset, epochs) {
  const loss = new CrossEntropyLoss().allocate(model);
  const optimizer = new AdamW(model.parameters(), { lr: 0.02 });
  const schedule = new StepLR(optimizer, { stepSize: 20, gamma: 0.5 });
  const loader = new DataLoader(dataset, { batchSize: 32, seed: 1 });
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { inputs, labels } of loader.epoch(epoch)) {
      loss.forward(model.forward(inputs), labels);
      model.backward(loss.backward());
      optimizer.step();
    }
    schedule.step();
  }
}

function percent(model, dataset) {
  const { accuracy } = evaluate(model, new CrossEntropyLoss().allocate(model), dataset);
  return `${(100 * accuracy).toFixed(1)} %`;
}

/** Returns random points of a square, labeled by their ring: 0 inner, 1 middle, 2 outer. */
function rings(length, labelOf) {
  const inputs = Tensor.zeros(device, [length, 2]);
  new Rng(device, 5).uniform(inputs, { stream: streamOf('data'), step: length, low: -1, high: 1 });
  const points = inputs.data;
  const labels = Array.from({ length }, (_, i) => {
    const [x, y] = points.subarray(2 * i);
    return labelOf(x * x + y * y < 0.25 ? 0 : x * x + y * y < 0.7 ? 1 : 2);
  });
  return new TensorDataset({ inputs, labels: Tensor.from(device, labels, [length], 'int32') });
}
