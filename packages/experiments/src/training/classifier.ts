// A network that learns to classify images: the task of every MNIST experiment.
import {
  accuracy,
  CrossEntropyLoss,
  DataLoader,
  type Device,
  evaluate,
  type Optimizer,
  type Parameter,
  Sequential,
  type Tensor,
  type TensorDataset,
  withRestoredState,
} from '@descent/nn';
import type { ImageData } from '@descent/nn/data';
import type { ClassifierTask, Part } from './arm.ts';
import { findNonFiniteInForward, findNonFiniteInUpdate } from './divergence.ts';
import { type Examples, selectExamples, splitExamples } from './examples.ts';
import { createNetwork } from './network.ts';
import { Probe } from './probe.ts';
import type { SeriesLog } from './series-log.ts';
import type { NonFinite, Task } from './task.ts';

/** Least number of rows per evaluation batch. */
const MIN_EVALUATION_ROWS = 100;

/**
 * Training with mini-batches drawn with replacement. Batches and initial weights depend only on the seed, so arms share
 * them.
 */
export class Classifier implements Task {
  readonly model: Sequential;
  readonly parameters: readonly Parameter[];
  readonly values: Tensor;
  readonly running: Tensor;
  hasDiverged = false;
  readonly #task: ClassifierTask;
  readonly #loss: CrossEntropyLoss;
  readonly #loader: DataLoader;
  readonly #examples: Examples;
  readonly #probe: Probe | undefined;
  /** Where a number became non-finite. */
  #failedIn: 'forward' | 'update' | 'evaluation' | undefined;
  #step = 0;
  /** The last measurement and its step. */
  #measured: { readonly step: number; readonly values: Record<string, number> } | undefined;

  /** @throws RangeError if there is not enough memory */
  constructor(task: ClassifierTask, seed: number, device: Device, data: Pick<ImageData, 'train' | 'test'>) {
    const { batchSize } = task;
    const pixels = data.train.inputShape.reduce((product, size) => product * size, 1);
    const rows = Math.max(batchSize, MIN_EVALUATION_ROWS);
    this.#task = task;
    const { layers, inputShape } = createNetwork(task.network, pixels, task.dialect);
    this.model = new Sequential(layers).to(device, { inputShape, batchSize: rows, seed });
    this.parameters = this.model.parameters();
    this.values = this.model.values;
    this.running = this.model.running;
    this.#loss = new CrossEntropyLoss().allocate(this.model);
    this.#examples = splitExamples(task, seed, data);
    this.#loader = new DataLoader(this.#examples.train, { batchSize, sampler: 'replacement', seed });
    this.#probe = task.probeEvery === undefined ? undefined : new Probe(this.model, this.#examples.train);
  }

  begin(log: SeriesLog): void {
    for (const [name, value] of Object.entries(this.#task.trial ?? {})) log.add(name, 0, value);
    const { dialect, evaluateEvery } = this.#task;
    if (dialect === 'modern' && evaluateEvery > 0) this.#logAccuracies(log);
    this.#probe?.log(0, log);
  }

  resume(step: number): void {
    this.#step = step;
    this.model.step = step;
  }

  update(step: number, log: SeriesLog, optimizer: Optimizer): number {
    this.#step = step;
    const { inputs, labels } = this.#loader.batch(step - 1);
    let loss = this.#loss.forward(this.model.forward(inputs), labels);
    if (!Number.isFinite(loss)) this.#failedIn = 'forward';
    else {
      this.model.backward(this.#loss.backward());
      if (!optimizer.step()) this.#failedIn = 'update';
      if (this.#task.dialect === 'book') {
        this.model.eval();
        loss = this.#loss.forward(this.model.forward(inputs), labels);
        this.model.train();
        if (!Number.isFinite(loss)) this.#failedIn ??= 'evaluation';
      }
    }
    this.hasDiverged = this.#failedIn !== undefined;
    log.add('trainLoss', step, loss);
    if (this.hasDiverged) return loss;
    if (this.#isDue(step)) this.#logAccuracies(log);
    if (step % (this.#task.probeEvery ?? Number.NaN) === 0) this.#probe?.log(step, log);
    return loss;
  }

  locateDivergence(): NonFinite | undefined {
    const { inputs } = this.#loader.batch(this.#step - 1);
    if (this.#failedIn === 'update') return findNonFiniteInUpdate(this.model);
    const isEvaluation = this.#failedIn === 'evaluation';
    this.model.training = !isEvaluation;
    const found = findNonFiniteInForward(this.model, inputs, this.model.step - (isEvaluation ? 0 : 1));
    this.model.train();
    return found;
  }

  finish(): Record<string, number> {
    return this.#measure();
  }

  /**
   * Returns whether accuracy is measured. The book's programs count steps from the first update, this package from
   * before it.
   */
  #isDue(step: number): boolean {
    const { dialect, evaluateEvery } = this.#task;
    return evaluateEvery > 0 && (dialect === 'book' ? step - 1 : step) % evaluateEvery === 0;
  }

  #logAccuracies(log: SeriesLog): void {
    const values = this.#measure();
    for (const part of this.#task.measures) log.add(`${part}Accuracy`, this.#step, values[`${part}Accuracy`] as number);
  }

  #measure(): Record<string, number> {
    if (this.#measured?.step === this.#step) return this.#measured.values;
    const values = Object.assign({}, ...this.#task.measures.map((part) => this.#measurePart(part))) as Record<
      string,
      number
    >;
    this.#measured = { step: this.#step, values };
    return values;
  }

  /**
   * Measures loss and accuracy; of the training examples only the accuracy, because their loss is that of the batches.
   */
  #measurePart(part: Part): Record<string, number> {
    if (part === 'batch') {
      return { batchAccuracy: batchAccuracy(this.model, this.#examples.test, this.#task.batchSize) };
    }
    const { loss, accuracy } = evaluate(this.model, this.#loss, selectExamples(this.#examples, part));
    return { ...(part !== 'train' && { [`${part}Loss`]: loss }), [`${part}Accuracy`]: accuracy };
  }
}

/**
 * Computes the accuracy in training mode, with the statistics of each batch, as float32. A short last batch is left
 * out.
 */
function batchAccuracy(model: Sequential, examples: TensorDataset, batchSize: number): number {
  const { arena } = model.device;
  const mark = arena.mark();
  const measure = () => {
    const loader = new DataLoader(examples, { batchSize, sampler: 'sequential' });
    const batches = Math.max(1, Math.floor(examples.length / batchSize));
    let sum = 0;
    model.train();
    for (let step = 0; step < batches; step++) {
      const { inputs, labels } = loader.batch(step);
      sum += accuracy(model.forward(inputs), labels);
    }
    return Math.fround(sum / batches);
  };
  try {
    return withRestoredState(model, measure);
  } finally {
    arena.release(mark);
  }
}
