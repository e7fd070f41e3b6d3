// Data sets in the memory of a device, and loaders of their batches.
import type { Device, Pointer } from '@descent/kernels';
import * as is from '../core/check.ts';
import { Rng, streamOf } from '../core/random.ts';
import { sizeOf, Tensor } from '../core/tensor.ts';
import { LazyBatch } from './lazy-batch.ts';

/** The limit of examples, due to the random number generator. */
const MAX_LENGTH = 2 ** 20;

/** The label that `CrossEntropyLoss` ignores by default, as in PyTorch. */
const NO_LABEL = -100;

/** Examples and their classes, in the memory of the same device. */
export interface TensorDatasetOptions {
  /** (N, …row): float32, or uint8 that a batch divides by 255. */
  inputs: Tensor | Tensor<'uint8'>;
  /** (N): class ids. */
  labels: Tensor<'uint8'> | Tensor<'int32'>;
}

/** Examples and their classes. Images can stay bytes: those of MNIST then take 47 MB instead of 188. */
export class TensorDataset {
  /** (N, …row): float32, or uint8 that a batch divides by 255. */
  readonly inputs: Tensor | Tensor<'uint8'>;
  /** (N): class ids. */
  readonly labels: Tensor<'uint8'> | Tensor<'int32'>;
  /** N, the number of examples. */
  readonly length: number;

  /** @throws RangeError if the numbers of inputs and labels differ or are 0, or a label is negative but not −100 */
  constructor(options: TensorDatasetOptions) {
    const rules = { inputs: is.tensorOf('float32', 'uint8'), labels: is.tensorOf('int32', 'uint8') };
    is.checkArguments('TensorDataset', arguments, {
      options: is.optionsOf<TensorDatasetOptions>(rules, ['inputs', 'labels']),
    });
    const { inputs, labels } = options;
    is.checkSameDevice('TensorDataset', inputs.device, labels);
    const length = inputs.shape[0] ?? 0;
    is.check('TensorDataset', 'the number of inputs', length, is.integer(1, MAX_LENGTH));
    if (labels.size !== length || labels.shape.length !== 1) {
      throw new RangeError(
        `[TensorDataset] expected labels of the shape [${length}], one for each input, but got [${labels.shape.join(', ')}]`,
      );
    }
    this.inputs = inputs;
    this.labels = labels;
    this.length = length;
    if (labels.dtype === 'int32') countClasses(labels.data);
  }

  /** The greatest label + 1. */
  get classes(): number {
    return countClasses(this.labels.data);
  }

  /** The device whose memory has the examples. */
  get device(): Device {
    return this.inputs.device;
  }

  /** The shape of one input. */
  get inputShape(): readonly number[] {
    return this.inputs.shape.slice(1);
  }

  /** Returns the examples from `start` up to, not including, `end`. They share the memory. */
  slice(start: number, end: number): TensorDataset {
    is.checkCount('TensorDataset.slice', arguments.length, 2);
    return new TensorDataset({ inputs: this.inputs.rows(start, end), labels: this.labels.rows(start, end) });
  }
}

function isBytes(table: Tensor | Tensor<'uint8'>): table is Tensor<'uint8'> {
  return table.dtype === 'uint8';
}

function countClasses(labels: Uint8Array | Int32Array): number {
  let greatest = 0;
  for (const label of labels) {
    if (label < 0 && label !== NO_LABEL)
      throw new RangeError(`[TensorDataset] expected labels of 0 or more but got ${label}`);
    if (label > greatest) greatest = label;
  }
  return greatest + 1;
}

/** How batches are chosen: at random with replacement (as in the book), each example once per epoch, or in order. */
export type Sampler = 'replacement' | 'shuffle' | 'sequential';

/** Options of a `DataLoader`. */
export interface DataLoaderOptions {
  /** Examples per batch. */
  batchSize: number;
  /** Default 'shuffle'. */
  sampler?: Sampler;
  /** Seed, a whole number below 2³². Default 0. */
  seed?: number;
  /** Random number stream, from `streamOf`. Default: `streamOf('batches')`. */
  stream?: number;
  /** Whether a short last batch of an epoch is dropped. Default false; 'replacement' has no short batch. */
  dropLast?: boolean;
}

/** A batch. A loader returns the same objects at every step, with new contents. */
export interface Batch {
  /** (size, …row) float32. */
  readonly inputs: Tensor;
  /** (size) int32: class ids. */
  readonly labels: Tensor<'int32'>;
  /** The number of examples, `inputs.shape[0]`. The last batch of an epoch can be short. */
  size: number;
  /** The step. */
  index: number;
}

const integers = is.tensorOf('int32');

/** Batches by step. A batch depends only on the seed and the step, not on earlier batches. */
export class DataLoader {
  /** The data set. */
  readonly dataset: TensorDataset;
  /** Examples per full batch. */
  readonly batchSize: number;
  /** How batches are chosen. */
  readonly sampler: Sampler;
  /** The number of batches per epoch. With 'replacement': examples ÷ batch size, rounded down. */
  readonly batchesPerEpoch: number;
  readonly #rng: Rng;
  readonly #stream: number;
  readonly #rowSize: number;
  readonly #batch: Batch;
  /** The order of an epoch, or the random indices of a batch. */
  readonly #indices: Tensor<'int32'>;
  #epoch = -1;
  #nextEpoch = 0;

  /** @throws RangeError if an option is out of range, or `dropLast` leaves no batch */
  constructor(dataset: TensorDataset, options: DataLoaderOptions) {
    const rules = {
      batchSize: is.integer(1, MAX_LENGTH),
      sampler: is.choice('shuffle', 'replacement', 'sequential'),
      seed: is.uint32,
      stream: is.uint32,
      dropLast: is.boolean,
    };
    is.checkArguments('DataLoader', arguments, {
      dataset: is.having('inputShape', 'a TensorDataset'),
      options: is.optionsOf<DataLoaderOptions>(rules, ['batchSize']),
    });
    const { batchSize, sampler = 'shuffle', seed = 0, ...others } = options;
    const { stream = streamOf('batches'), dropLast = false } = others;
    const { device, length, inputShape } = dataset;
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.sampler = sampler;
    this.batchesPerEpoch = countBatches(length / batchSize, sampler, dropLast);
    if (this.batchesPerEpoch === 0) {
      throw new RangeError(
        `[DataLoader] expected batchSize to be at most ${length} with dropLast but got ${batchSize}`,
      );
    }
    this.#rng = new Rng(device, seed);
    this.#stream = stream;
    this.#rowSize = sizeOf(inputShape);
    this.#indices = Tensor.zeros(device, [sampler === 'replacement' ? batchSize : length], 'int32');
    if (sampler === 'sequential') this.#indices.data.set(Array.from({ length }, (_, index) => index));
    const { inputs: table } = dataset;
    const inputs = isBytes(table)
      ? new LazyBatch(device, table, batchSize)
      : Tensor.zeros(device, [batchSize, ...inputShape]);
    this.#batch = { inputs, labels: Tensor.zeros(device, [batchSize], 'int32'), size: batchSize, index: -1 };
    // A batch whose shape was changed could write outside its memory.
    if (new.target === DataLoader) Object.freeze(this);
  }

  /** The epoch that the next loop over the loader runs. */
  get nextEpoch(): number {
    return this.#nextEpoch;
  }

  /** @throws TypeError or RangeError unless it is a whole number of 0 or more */
  set nextEpoch(epoch: number) {
    is.check('DataLoader', 'nextEpoch', epoch, is.counter);
    this.#nextEpoch = epoch;
  }

  /**
   * Gathers the batch of a step, counted over all epochs. The next call overwrites it.
   * @throws RangeError if the step is not a whole number below 2³²
   */
  batch(step: number): Batch {
    is.checkCount('DataLoader.batch', arguments.length, 1);
    is.check('DataLoader', 'step', step, is.uint32);
    const batch = this.#batch;
    is.check('DataLoader', 'its own tensors', batch.labels, integers);
    batch.index = step;
    const indices = this.sampler === 'replacement' ? this.#draw(step) : this.#next(step);
    batch.inputs.shape[0] = batch.labels.shape[0] = batch.size;
    this.#gather(indices, batch);
    return batch;
  }

  /**
   * Iterates over the batches of an epoch, counted from 0. Batches share memory, so reading one after the next throws an error.
   *
   *     for (const { inputs, labels } of loader.epoch(0)) { … }
   *
   * @throws RangeError if the epoch is not a whole number of 0 or more
   */
  epoch(epoch: number): Generator<Batch, void, undefined> {
    const last = Math.floor((2 ** 32 - 1) / this.batchesPerEpoch) - 1;
    is.checkArguments('DataLoader.epoch', arguments, { epoch: is.integer(0, last) });
    return this.#batches(epoch);
  }

  /** Iterates over the next epoch: 0 in the first loop, 1 in the second. Set `nextEpoch` to continue elsewhere. */
  [Symbol.iterator](): Generator<Batch, void, undefined> {
    return this.epoch(this.nextEpoch++);
  }

  *#batches(epoch: number): Generator<Batch, void, undefined> {
    const first = epoch * this.batchesPerEpoch;
    for (let step = first; step < first + this.batchesPerEpoch; step++) {
      this.batch(step);
      yield new EpochBatch(this.#batch, step);
    }
  }

  #draw(step: number): Pointer {
    const { device, seed } = this.#rng;
    const { pointer } = this.#indices;
    device.kernels.randomIntegers(this.batchSize, seed, this.#stream, step, this.dataset.length, pointer);
    return pointer;
  }

  #next(step: number): Pointer {
    const epoch = Math.floor(step / this.batchesPerEpoch);
    if (this.sampler === 'shuffle' && epoch !== this.#epoch) {
      this.#rng.permute(this.#indices, this.#stream, epoch);
      this.#epoch = epoch;
    }
    const start = (step % this.batchesPerEpoch) * this.batchSize;
    this.#batch.size = Math.min(this.batchSize, this.dataset.length - start);
    return this.#indices.pointer + 4 * start;
  }

  #gather(indices: Pointer, { inputs, labels, size }: Batch): void {
    const { kernels } = this.#rng.device;
    const { inputs: table, labels: classes } = this.dataset;
    if (inputs instanceof LazyBatch) inputs.gather(indices, size);
    else kernels.gatherRows(size, this.#rowSize, table.pointer, indices, inputs.pointer);
    if (classes.dtype === 'uint8') kernels.gatherLabels(size, classes.pointer, indices, labels.pointer);
    else kernels.gatherRows(size, 1, classes.pointer, indices, labels.pointer);
  }
}

/** A batch of an epoch, which throws after the loader has overwritten it. */
class EpochBatch implements Batch {
  readonly index: number;
  readonly size: number;
  readonly #shared: Batch;

  constructor(shared: Batch, index: number) {
    this.#shared = shared;
    this.index = index;
    this.size = shared.size;
  }

  get inputs(): Tensor {
    return this.#current.inputs;
  }

  get labels(): Tensor<'int32'> {
    return this.#current.labels;
  }

  get #current(): Batch {
    if (this.#shared.index === this.index) return this.#shared;
    throw new RangeError(
      `[DataLoader] batch ${this.index} was overwritten by batch ${this.#shared.index}: use each before the next, or call loader.batch(index)`,
    );
  }
}

function countBatches(batches: number, sampler: Sampler, dropLast: boolean): number {
  if (sampler === 'replacement') return Math.max(1, Math.floor(batches));
  return dropLast ? Math.floor(batches) : Math.ceil(batches);
}
