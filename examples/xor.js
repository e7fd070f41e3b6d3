// Learns exclusive or in fifteen lines: two inputs, eight hidden units, two classes.
import { Adam, CrossEntropyLoss, Linear, loadDevice, Sequential, Tanh, Tensor } from '@descent/nn';

const device = await loadDevice();
const model = new Sequential([new Linear(2, 8), new Tanh(), new Linear(8, 2)]);
model.to(device, { inputShape: [2], batchSize: 4, seed: 1 });
const loss = new CrossEntropyLoss().allocate(model);
const optimizer = new Adam(model.parameters(), { lr: 0.05 });
const inputs = Tensor.from(device, [0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
const labels = Tensor.from(device, [0, 1, 1, 0], [4], 'int32');
for (let step = 1; step <= 100; step++) {
  const value = loss.forward(model.forward(inputs), labels);
  model.backward(loss.backward());
  optimizer.step();
  if (step % 20 === 0) console.log(`step ${step}: loss ${value.toFixed(4)}`);
}
console.log('P(true) of 0⊕0, 0⊕1, 1⊕0, 1⊕1:', ...[1, 3, 5, 7].map((i) => loss.probabilities.data[i].toFixed(2)));
