// Trains a network in a browser, to the same weights as in Node, bit for bit. Bundle it for a page with
// `npx esbuild in-a-page.js --bundle --format=esm`.
import {
  AdamW,
  CrossEntropyLoss,
  clipGradNorm,
  GELU,
  Linear,
  loadDevice,
  Rng,
  Sequential,
  streamOf,
  Tensor,
} from '@descent/nn';

const device = await loadDevice();
const model = new Sequential([new Linear(16, 32), new GELU(), new Linear(32, 4)]);
model.to(device, { inputShape: [16], batchSize: 64, seed: 1 });
const loss = new CrossEntropyLoss().allocate(model);
const optimizer = new AdamW(model.parameters(), { lr: 0.01 });
const [inputs, labels] = [Tensor.zeros(device, [64, 16]), Tensor.zeros(device, [64], 'int32')];
for (let step = 0; step < 100; step++) {
  new Rng(device, 1).normal(inputs, { stream: streamOf('data', 0), step });
  new Rng(device, 1).integers(labels, { stream: streamOf('data', 1), step, bound: 4 });
  loss.forward(model.forward(inputs), labels);
  model.backward(loss.backward());
  clipGradNorm(model.grads, 1);
  optimizer.step();
}
globalThis.trainedWeights = `${device.variant} ${model.values.data.join(' ')}`;
if (!globalThis.document) process.stdout.write(globalThis.trainedWeights);
