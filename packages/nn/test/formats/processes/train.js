// A process that trains for a while: node train.js VARIANT FROM TO FILE. It goes on from FILE, unless FROM is 0, and leaves it.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  AdamW,
  BatchNorm1d,
  Conv2d,
  CosineAnnealingLR,
  CrossEntropyLoss,
  DataLoader,
  Dropout,
  Flatten,
  GELU,
  LayerNorm,
  Linear,
  loadDevice,
  MaxPool2d,
  ReLU,
  RNN,
  Rng,
  Sequential,
  streamOf,
  Tensor,
  TensorDataset,
} from '@descent/nn';
import { loadModel, saveModel } from '@descent/nn/formats';

const [variant, from, to, file] = process.argv.slice(2);
const device = await loadDevice({ variant });

/** All layers that hold a state between steps: running statistics, masks, recurrences. */
const networks = {
  pictures: [
    new Conv2d(1, 3, 3),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(27, 9),
    new BatchNorm1d(9),
    new GELU(),
    new Dropout(0.3),
    new Linear(9, 4),
  ],
  sequences: [new Flatten(), new Linear(64, 40), new LayerNorm(40), new Linear(40, 4)],
};
const steps = [new RNN(8, 6, { norm: 'batch', steps: 8 }), new Dropout(0.2), new Linear(6, 4)];

const inputs = Tensor.zeros(device, [50, 64]);
new Rng(device, 3).normal(inputs, { stream: streamOf('data') });
const labels = Tensor.from(
  device,
  Array.from({ length: 50 }, (_, at) => at % 4),
  [50],
  'uint8',
);

function trainer(layers, inputShape) {
  const model = new Sequential(layers).to(device, { inputShape, batchSize: 10, seed: 5 });
  const optimizer = new AdamW(model.parameters(), { lr: 0.01, weightDecay: 0.1 });
  const schedule = new CosineAnnealingLR(optimizer, { tMax: 40 });
  const pictures = Tensor.from(device, inputs.data, [50, ...inputShape]);
  const loader = new DataLoader(new TensorDataset({ inputs: pictures, labels }), { batchSize: 10, seed: 5 });
  const loss = new CrossEntropyLoss().allocate(device, 4, 10);
  return { model, optimizer, schedule, loader, loss };
}

const all = [trainer(networks.pictures, [1, 8, 8]), trainer(networks.sequences, [8, 8]), trainer(steps, [8, 8])];
for (const [index, { model, optimizer, schedule, loader, loss }] of all.entries()) {
  const own = `${file}.${index}`;
  if (from !== '0') {
    const { schedule: state } = loadModel(model, readFileSync(own), { optimizer });
    schedule.loadStateDict(JSON.parse(state));
  }
  for (let step = Number(from); step < Number(to); step++) {
    const batch = loader.batch(step);
    loss.forward(model.forward(batch.inputs), batch.labels);
    model.backward(loss.backward());
    optimizer.step();
    schedule.step();
  }
  writeFileSync(own, saveModel(model, { optimizer, metadata: { schedule: JSON.stringify(schedule.stateDict()) } }));
}
