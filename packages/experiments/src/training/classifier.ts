// A network that learns to name images: the task behind every MNIST experiment.
import {
  CrossEntropyLoss,
  DataLoader,
  type Device,
  evaluate,
  type Optimizer,
  Sequential,
  type Tensor,
} from '@descent/nn';
import type { ImageData } from '@descent/nn/data';
import type { ClassifierTask, Part } from './arm.ts';
import { batchAccuracy } from './batch-accuracy.ts';
import { findInForward, findInUpdate } from './divergence.ts';
import { examplesFor, partOf } from './examples.ts';
import { createNetwork } from './network.ts';
import { createOptimizer } from './optimizers.ts';
import { Probe } from './probe.ts';
import type { SeriesLog } from './series-log.ts';
import type { NonFinite, Task } from './task.ts';

/** Rows that evaluation takes at once, at least. */
const EVALUATION_ROWS = 100;

/** Training by mini-batches drawn with replacement; batch and weights depend on the seed alone, so arms share them. */
export class Classifier implements Task {
  readonly steps: number;
  readonly model: Sequential;
  readonly optimizer: Optimizer;
  hasDiverged = false;
  readonly #task: ClassifierTask;
  readonly #loss: CrossEntropyLoss;
  readonly #loader: DataLoader;
  readonly #examples: ReturnType<typeof examplesFor>;
  readonly #probe: Probe | undefined;
  /** Where a number ceased to be finite. */
  #failedIn: 'forward' | 'update' | 'evaluation' | undefined;
  #step = 0;
  /** What was measured last, and after which step. */
  #measured: { readonly step: number; readonly values: Record<string, number> } | undefined;

  /** @throws RangeError where the memory does not suffice */
  constructor(task: ClassifierTask, seed: number, device: Device, data: Pick<ImageData, 'train' | 'test'>) {
    const { batchSize } = task;
    const pixels = data.train.inputShape.reduce((product, size) => product * size, 1);
    const rows = Math.max(batchSize, EVALUATION_ROWS);
    this.steps = task.steps;
    this.#task = task;
    const { layers, inputShape } = createNetwork(task.network, pixels, task.dialect);
    this.model = new Sequential(layers).to(device, { inputShape, batchSize: rows, seed });
    this.#loss = new CrossEntropyLoss().allocate(this.model);
    this.optimizer = createOptimizer(task.optimizer, this.model.parameters());
    this.#examples = examplesFor(task, seed, data);
    this.#loader = new DataLoader(this.#examples.train, { batchSize, sampler: 'replacement', seed });
    this.#probe = task.probeEvery === undefined ? undefined : new Probe(this.model, this.#examples.train);
  }

  get values(): Tensor {
    return this.model.values;
  }

  get running(): Tensor {
    return this.model.running;
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

  update(step: number, log: SeriesLog): number {
    this.#step = step;
    const { inputs, labels } = this.#loader.batch(step - 1);
    let loss = this.#loss.forward(this.model.forward(inputs), labels);
    if (!Number.isFinite(loss)) this.#failedIn = 'forward';
    else {
      this.model.backward(this.#loss.backward());
      if (!this.optimizer.step()) this.#failedIn = 'update';
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
    if (this.#failedIn === 'update') return findInUpdate(this.model);
    const isEvaluation = this.#failedIn === 'evaluation';
    this.model.training = !isEvaluation;
    const found = findInForward(this.model, inputs, this.model.step - (isEvaluation ? 0 : 1));
    this.model.train();
    return found;
  }

  finish(): Record<string, number> {
    return this.#measure();
  }

  /** The book evaluates after the first update and every so many from there; we count from before it. */
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

  /** Loss and accuracy; of the training part the accuracy alone, for its loss is the batches'. */
  #measurePart(part: Part): Record<string, number> {
    if (part === 'batch') {
      return { batchAccuracy: batchAccuracy(this.model, this.#examples.test, this.#task.batchSize) };
    }
    const { loss, accuracy } = evaluate(this.model, this.#loss, partOf(this.#examples, part));
    return { ...(part !== 'train' && { [`${part}Loss`]: loss }), [`${part}Accuracy`]: accuracy };
  }
}
