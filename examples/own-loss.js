// A loss and a metric of your own. The loss: Huber's (1964), squared near zero and straight beyond δ, so that a few wild points do not bend the
// curve; L = mean of ½e² where |e| ≤ δ, else δ(|e| − ½δ); dL/dx = e, cut off at ±δ, over the number of elements. The metric: the median error.
//
// A loss has `forward(x, target)`, a number, and `backward()`, the gradient by x, in memory that it takes once. Plain arithmetic will do:
// + − × ÷ and √ are the same in every engine. (Math.exp, Math.log and the like are not: `exact` of @descent/nn has those.)
import { Adam, Linear, loadDevice, MSELoss, Rng, Sequential, streamOf, Tanh, Tensor } from '@descent/nn';

class HuberLoss {
  constructor(delta = 1) {
    this.delta = delta;
  }

  layOut({ device, batchSize, outputShape }) {
    this.dx = Tensor.zeros(device, [batchSize, ...outputShape]);
    return this;
  }

  forward(x, target) {
    const { delta, dx } = this;
    dx.shape[0] = x.shape[0];
    const [predictions, wanted, gradient] = [x.data, target.data, dx.data];
    let sum = 0;
    for (let i = 0; i < x.size; i++) {
      const error = predictions[i] - wanted[i];
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
// Every eighth point is wild.
noisy.data.set(clean.data.map((value, i) => (i % 8 === 0 ? value + 3 : value)));

for (const loss of [new MSELoss(), new HuberLoss(0.1)]) {
  const model = new Sequential(new Linear(1, 16), new Tanh(), new Linear(16, 1));
  model.to(device, { inputShape: [1], batchSize: POINTS, seed: 1 });
  loss.layOut(model);
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  for (let step = 0; step < 400; step++) {
    loss.forward(model.forward(x), noisy);
    model.backward(loss.backward());
    optimizer.step();
  }
  console.log(`${loss.constructor.name}: median error ${medianError(model.forward(x), clean).toFixed(3)}`);
}

/** Of the curve without its wild points. */
function medianError(predictions, targets) {
  const wanted = targets.data;
  return predictions.data.map((value, i) => Math.abs(value - wanted[i])).sort()[POINTS / 2];
}
