// Defines a layer: PReLU, a ReLU whose slope below zero is a parameter (He et al. 2015, "Delving deep into rectifiers").
// Forward: y = max(x, 0) + a · min(x, 0). Backward: dx = dy if x > 0, else a · dy; da = Σ dy · min(x, 0).
//
// A layer returns its parameters (`parameters`), allocates all memory once (`allocate`), sets the initial values (`initialize`),
// and has two passes that call kernels without allocating. You can then use it anywhere in a Sequential.
import { CrossEntropyLoss, Linear, loadDevice, Parameter, Sequential, SGD, Tensor } from '@descent/nn';

class PReLU {
  name = 'PReLU';
  training = true;
  slope = new Parameter('weight', [1], { decay: false });

  parameters() {
    return [this.slope];
  }

  allocate(device, inputShape, batchSize, needsInputGradient) {
    const batch = () => Tensor.zeros(device, [batchSize, ...inputShape]);
    this.kernels = device.kernels;
    this.positive = batch();
    this.y = batch();
    this.scratch = batch();
    this.dx = needsInputGradient ? batch() : null;
    return inputShape;
  }

  initialize() {
    this.kernels.fill(1, 0.25, this.slope.value.pointer);
  }

  /** Computes y = (1 − a) · max(x, 0) + a · x, which equals max(x, 0) + a · min(x, 0). */
  forward(x) {
    const { kernels, positive, y } = this;
    const [a] = this.slope.value.data;
    y.shape[0] = positive.shape[0] = this.scratch.shape[0] = x.shape[0];
    this.x = x;
    kernels.relu(x.size, x.pointer, positive.pointer);
    kernels.scale(x.size, a, x.pointer, y.pointer);
    kernels.axpy(x.size, 1 - a, positive.pointer, y.pointer, y.pointer);
    return y;
  }

  backward(dy) {
    const { kernels, positive, scratch, x, dx } = this;
    const [a] = this.slope.value.data;
    // min(x, 0) = x − max(x, 0)
    kernels.sub(x.size, x.pointer, positive.pointer, scratch.pointer);
    kernels.mul(x.size, dy.pointer, scratch.pointer, scratch.pointer);
    kernels.fill(1, kernels.sum(x.size, scratch.pointer), this.slope.grad.pointer);
    if (!dx) return null;
    dx.shape[0] = x.shape[0];
    kernels.reluBackward(x.size, positive.pointer, dy.pointer, scratch.pointer);
    kernels.scale(x.size, a, dy.pointer, dx.pointer);
    kernels.axpy(x.size, 1 - a, scratch.pointer, dx.pointer, dx.pointer);
    return dx;
  }
}

const device = await loadDevice();
const model = new Sequential([new Linear(2, 8), new PReLU(), new Linear(8, 2)]);
model.to(device, { inputShape: [2], batchSize: 4, seed: 3 });
const loss = new CrossEntropyLoss().allocate(model);
const inputs = Tensor.from(device, [0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
const labels = Tensor.from(device, [0, 1, 1, 0], [4], 'int32');
const [slope] = model.layers[1].parameters();

// Gradient check: compares the gradient of the slope with a central difference of the loss.
const lossAt = (a) => {
  slope.value.data[0] = a;
  return loss.forward(model.forward(inputs), labels);
};
const [before, after] = [lossAt(0.25 - 1e-2), lossAt(0.25 + 1e-2)];
lossAt(0.25);
model.backward(loss.backward());
console.log(
  `gradient of the slope: ${slope.grad.data[0].toFixed(4)}, by central difference ${((after - before) / 2e-2).toFixed(4)}`,
);

const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
for (let step = 1; step <= 100; step++) {
  const value = loss.forward(model.forward(inputs), labels);
  model.backward(loss.backward());
  optimizer.step();
  if (step % 25 === 0) console.log(`step ${step}: loss ${value.toFixed(4)}, slope ${slope.value.data[0].toFixed(3)}`);
}
