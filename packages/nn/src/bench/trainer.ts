// One network under one optimizer on one device: the step that is timed, and the place that every sample starts from.
import type { Candidate } from '@descent/kernels/bench';
import { DataLoader, type TensorDataset } from '../data/dataset.ts';
import type { Sequential } from '../layers/sequential.ts';
import { CrossEntropyLoss } from '../loss.ts';
import type { Optimizer, OptimizerStateDict } from '../optim/optimizer.ts';
import { BATCH, CLASSES, type NetworkName, type OptimizerName, optimizers, place } from './networks.ts';

/** What a step is divided into. */
export type Phase = 'batch' | 'forward' | 'loss' | 'backward' | 'update';

export class Trainer implements Candidate {
  readonly model: Sequential;
  readonly loss: CrossEntropyLoss;
  readonly #loader: DataLoader;
  readonly #optimizer: Optimizer;
  #step = 0;
  #saved: { step: number; values: Float32Array; state: OptimizerStateDict };

  /** Trains for `lead` steps; every sample goes on from there. */
  constructor(network: NetworkName, optimizer: OptimizerName, data: TensorDataset, lead: number) {
    const { device } = data;
    this.model = place(network, device);
    this.loss = new CrossEntropyLoss().allocate(device, CLASSES, BATCH);
    this.#optimizer = optimizers[optimizer](this.model.parameters());
    this.#loader = new DataLoader(data, { batchSize: BATCH, sampler: 'replacement', seed: 1 });
    this.run(lead);
    this.#saved = { step: lead, values: this.model.values.data.slice(), state: this.#optimizer.stateDict() };
  }

  /** The parameters as they were when samples began to start from them. */
  get start(): Float32Array {
    return this.#saved.values;
  }

  /** Back to where every sample starts. Running statistics of batch norm go on: no step reads them. */
  before(): void {
    const { step, values, state } = this.#saved;
    this.#step = step;
    this.model.values.data.set(values);
    this.#optimizer.loadStateDict(state);
  }

  run(times: number): void {
    for (; times > 0; times--) {
      const { inputs, labels } = this.#loader.batch(this.#step++);
      this.loss.forward(this.model.forward(inputs), labels);
      this.model.backward(this.loss.backward());
      this.#optimizer.step();
    }
  }

  /** The same step, telling in which phase it is. */
  runProfiled(enter: (phase: Phase) => void): void {
    enter('batch');
    const { inputs, labels } = this.#loader.batch(this.#step++);
    enter('forward');
    const logits = this.model.forward(inputs);
    enter('loss');
    this.loss.forward(logits, labels);
    const dy = this.loss.backward();
    enter('backward');
    this.model.backward(dy);
    enter('update');
    this.#optimizer.step();
  }
}
