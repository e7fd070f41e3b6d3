// Fits a curve to noisy points of y = x³ − x on [−1.5, 1.5], with a learning-rate schedule, gradient clipping, and early stopping on
// validation points that restores the weights of the best epoch.
import {
  AdamW,
  CosineAnnealingLR,
  clipGradNorm,
  EarlyStopping,
  Linear,
  LinearLR,
  loadDevice,
  MSELoss,
  Rng,
  Sequential,
  SequentialLR,
  streamOf,
  summary,
  Tanh,
  Tensor,
} from '@descent/nn';

const POINTS = 20;
const NOISE = 0.2;

const device = await loadDevice();
const train = points(0);
const validation = points(1);

const model = new Sequential([new Linear(1, 32), new Tanh(), new Linear(32, 32), new Tanh(), new Linear(32, 1)]);
model.to(device, { inputShape: [1], batchSize: POINTS, seed: 1 });
console.log(`${summary(model)}\n`);

const loss = new MSELoss().allocate(model);
const parameters = model.parameters();
const optimizer = new AdamW(parameters, { lr: 0.01 });
const schedulers = [
  new LinearLR(optimizer, { startFactor: 0.1, totalIters: 20 }),
  new CosineAnnealingLR(optimizer, { tMax: 480 }),
];
const schedule = new SequentialLR(optimizer, { schedulers, milestones: [20] });
const stopping = new EarlyStopping({ patience: 100, restoreBest: model });

for (let epoch = 1; epoch <= 500; epoch++) {
  const error = loss.forward(model.forward(train.x), train.y);
  model.backward(loss.backward());
  clipGradNorm(parameters, 1);
  optimizer.step();
  schedule.step();
  const validationError = loss.forward(model.forward(validation.x), validation.y);
  if (epoch % 25 === 0) console.log(row(epoch, error, validationError));
  if (stopping.step(validationError)) break;
}
stopping.restore();
console.log(
  `\nbest at epoch ${stopping.bestEpoch}: error ${stopping.best.toFixed(4)}, of which ${(NOISE * NOISE).toFixed(4)} is noise`,
);

/** Returns noisy points of the curve; the same `step` gives the same points. */
function points(step) {
  const rng = new Rng(device, 7);
  const [x, y] = [Tensor.zeros(device, [POINTS, 1]), Tensor.zeros(device, [POINTS, 1])];
  rng.uniform(x, { stream: streamOf('data', 0), step, low: -1.5, high: 1.5 });
  rng.normal(y, { stream: streamOf('data', 1), step, std: NOISE });
  const [xs, ys] = [x.data, y.data];
  for (const [index, value] of xs.entries()) ys[index] += value * value * value - value;
  return { x, y };
}

function row(epoch, error, validationError) {
  return `epoch ${String(epoch).padStart(3)}: error ${error.toFixed(4)}, validation ${validationError.toFixed(4)}, lr ${optimizer.lr.toFixed(5)}`;
}
