// A fully connected network that learns to name images: the task behind every MNIST experiment.
import {
  CrossEntropyLoss,
  DataLoader,
  type Device,
  evaluate,
  type ImageData,
  type Initialiser,
  kaimingNormal,
  type Layer,
  Linear,
  lecunNormal,
  normal,
  type Optimizer,
  ReLU,
  Sequential,
  Sigmoid,
  Tanh,
  type Tensor,
  type TensorDataset,
  xavierNormal,
} from '@descent/nn';
import type { ClassifierTask, InitSpec } from './arm.ts';
import { createOptimizer } from './optimizers.ts';
import type { SeriesLog } from './series-log.ts';
import type { Task } from './task.ts';

/** The ten digits, or the ten garments of Fashion-MNIST. */
const CLASSES = 10;

const activations = { relu: ReLU, sigmoid: Sigmoid, tanh: Tanh };

/** Training by mini-batches drawn with replacement; batch and weights depend on the seed alone, so arms share them. */
export class Classifier implements Task {
  readonly steps: number;
  readonly optimizer: Optimizer;
  hasDiverged = false;
  readonly #task: ClassifierTask;
  readonly #model: Sequential;
  readonly #loss: CrossEntropyLoss;
  readonly #loader: DataLoader;
  readonly #test: TensorDataset;

  /** @throws RangeError where the memory does not suffice */
  constructor(task: ClassifierTask, seed: number, device: Device, { train, test }: Pick<ImageData, 'train' | 'test'>) {
    const { batchSize } = task;
    const { inputShape } = train;
    this.steps = task.steps;
    this.#task = task;
    this.#model = new Sequential(layersOf(task, inputShape[0] as number)).to(device, { inputShape, batchSize, seed });
    this.#loss = new CrossEntropyLoss().layOut(device, CLASSES, batchSize);
    this.optimizer = createOptimizer(task.optimizer, this.#model.parameters());
    const examples = train.slice(0, Math.min(task.trainSamples, train.length));
    this.#loader = new DataLoader(examples, { batchSize, sampler: 'replacement', seed });
    this.#test = test;
  }

  get values(): Tensor {
    return this.#model.values;
  }

  begin(log: SeriesLog): void {
    const { dialect, evaluateEvery } = this.#task;
    if (dialect === 'modern' && evaluateEvery > 0) log.add('testAccuracy', 0, this.finish().testAccuracy);
  }

  update(step: number, log: SeriesLog): number {
    const { inputs, labels } = this.#loader.batch(step - 1);
    let loss = this.#loss.forward(this.#model.forward(inputs), labels);
    if (Number.isFinite(loss)) {
      this.#model.backward(this.#loss.backward());
      this.hasDiverged = !this.optimizer.step();
      if (this.#task.dialect === 'book') {
        this.#model.eval();
        loss = this.#loss.forward(this.#model.forward(inputs), labels);
        this.#model.train();
      }
    }
    this.hasDiverged ||= !Number.isFinite(loss);
    log.add('trainLoss', step, loss);
    if (this.#isDue(step) && !this.hasDiverged) log.add('testAccuracy', step, this.finish().testAccuracy);
    return loss;
  }

  finish(): { testLoss: number; testAccuracy: number } {
    const { loss, accuracy } = evaluate(this.#model, this.#loss, this.#test);
    return { testLoss: loss, testAccuracy: accuracy };
  }

  /** The book evaluates after the first update and every so many from there; we count from before it. */
  #isDue(step: number): boolean {
    const { dialect, evaluateEvery } = this.#task;
    return evaluateEvery > 0 && (dialect === 'book' ? step - 1 : step) % evaluateEvery === 0;
  }
}

function layersOf({ hiddenSizes, activation, init }: ClassifierTask, inputs: number): Layer[] {
  const weightInit = initialiserOf(init);
  const fanIns = [inputs, ...hiddenSizes];
  const hidden = hiddenSizes.flatMap((size, index) => [
    new Linear(fanIns[index] as number, size, { weightInit }),
    new activations[activation](),
  ]);
  return [...hidden, new Linear(fanIns.at(-1) as number, CLASSES, { weightInit })];
}

function initialiserOf(init: InitSpec): Initialiser {
  switch (init.kind) {
    case 'he':
      return kaimingNormal();
    case 'xavier':
      return lecunNormal();
    case 'glorot':
      return xavierNormal();
    case 'normal':
      return normal({ std: init.std });
  }
}
