// Defines a loss and a metric. The loss is Huber's (1964): quadratic near zero and linear beyond δ, so that outliers have less influence.
// L is the mean of ½e² if |e| ≤ δ, else δ(|e| − ½δ); dL/dx is e, clipped to ±δ, divided by the number of elements.
// The metric is the median error.
//
// A loss has `forward(x, target)`, which returns a number, and `backward()`, which returns the gradient by x in memory allocated once.
// + − × ÷ and √ are the same in every engine. Math.exp, Math.log and similar functions are not; use `exact` of @descent/nn instead.
import { Adam, Linear, loadDevice, MSELoss, Rng, Sequential, streamOf, Tanh, Tensor } from '@descent/nn';

class HuberLoss {
  constructor(delta = 1) {
    this.delta = delta;
  }

  allocate({ device, batchSize, outputShape }) {
    this.dx = Tensor.zeros(device, [batchSize, ...outputShape]);
    return this;
  }

  forward(x, target) {
    const { delta, dx } = this;
    dx.shape[0] = x.shape[0];
    const [predictions, targets, gradient] = [x.data, target.data, dx.data];
    let sum = 0;
    for (let i = 0; i < x.size; i++) {
      const error = predictions[i] - targets[i];
      const size = Math.abs(error);
      sum += size <= delta ? (error * error) / 2 : delta * (size - delta / 2);
      gradient[i] = Math.min(delta, Math.max(-delta, error)) / x.size;
    }
    return sum / x.size;
  }

  backward() {
    return this.dx;
  }
}

const POINTS = 64;
const device = await loadDevice();
const [x, clean, noisy] = [0, 1, 2].map(() => Tensor.zeros(device, [POINTS, 1]));
new Rng(device, 1).uniform(x, { stream: streamOf('data'), low: -1, high: 1 });
clean.data.set(x.data.map((value) => value * value));
// Every eighth point is an outlier.
noisy.data.set(clean.data.map((value, i) => (i % 8 === 0 ? value + 3 : value)));

for (const loss of [new MSELoss(), new HuberLoss(0.1)]) {
  const model = new Sequential(new Linear(1, 16), new Tanh(), new Linear(16, 1));
  model.to(device, { inputShape: [1], batchSize: POINTS, seed: 1 });
  loss.allocate(model);
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  for (let step = 0; step < 400; step++) {
    loss.forward(model.forward(x), noisy);
    model.backward(loss.backward());
    optimizer.step();
  }
  console.log(`${loss.constructor.name}: median error ${medianError(model.forward(x), clean).toFixed(3)}`);
}

/** Returns the median distance to the curve without outliers. */
function medianError(predictions, targets) {
  const expected = targets.data;
  return predictions.data.map((value, i) => Math.abs(value - expected[i])).sort()[POINTS / 2];
}
