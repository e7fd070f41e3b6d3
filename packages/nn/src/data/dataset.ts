// Data sets in a device's memory, and loaders that gather batches of them.
import type { Device, Pointer } from '@descent/kernels';
import * as is from '../core/check.ts';
import { Rng, streamOf } from '../core/random.ts';
import { sizeOf, Tensor } from '../core/tensor.ts';
import { LazyBatch } from './lazy-batch.ts';

/** The most examples that one address of the random generator chooses among. */
const MAX_LENGTH = 2 ** 20;

/** The label of an example without one, as PyTorch has it: `CrossEntropyLoss` ignores it unless told otherwise. */
const NO_LABEL = -100;

/** Examples and their classes, in the memory of one device. */
export interface TensorDatasetOptions {
  /** (N, …row): float32, or uint8 that a batch divides by 255. */
  inputs: Tensor | Tensor<'uint8'>;
  /** (N): class ids. */
  labels: Tensor<'uint8'> | Tensor<'int32'>;
}

/** Examples and their classes. Bytes stay bytes: 60,000 MNIST images take 47 MB rather than 188. */
export class TensorDataset {
  /** (N, …row): float32, or uint8 that a batch divides by 255. */
  readonly inputs: Tensor | Tensor<'uint8'>;
  /** (N): class ids. */
  readonly labels: Tensor<'uint8'> | Tensor<'int32'>;
  /** N, the number of examples. */
  readonly length: number;

  /** @throws RangeError where inputs and labels do not match in number, there are none, or a label is negative but not −100 */
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
    if (labels.dtype === 'int32') classesOf(labels.data);
  }

  /** The greatest label + 1. */
  get classes(): number {
    return classesOf(this.labels.data);
  }

  /** Whose memory the examples are in. */
  get device(): Device {
    return this.inputs.device;
  }

  /** The shape of one input. */
  get inputShape(): readonly number[] {
    return this.inputs.shape.slice(1);
  }

  /** Examples from `start` up to, not including, `end`, in the same memory. */
  slice(start: number, end: number): TensorDataset {
    is.checkCount('TensorDataset.slice', arguments.length, 2);
    return new TensorDataset({ inputs: this.inputs.rows(start, end), labels: this.labels.rows(start, end) });
  }
}

function isBytes(table: Tensor | Tensor<'uint8'>): table is Tensor<'uint8'> {
  return table.dtype === 'uint8';
}

function classesOf(labels: Uint8Array | Int32Array): number {
  let greatest = 0;
  for (const label of labels) {
    if (label < 0 && label !== NO_LABEL)
      throw new RangeError(`[TensorDataset] expected labels of 0 or more but got ${label}`);
    if (label > greatest) greatest = label;
  }
  return greatest + 1;
}

/** How examples are chosen: drawn anew each time (the book's way), each once an epoch, or in their order. */
export type Sampler = 'replacement' | 'shuffle' | 'sequential';

/** How examples become batches. */
export interface DataLoaderOptions {
  /** Examples in a batch: a whole number of 1 or more. */
  batchSize: number;
  /** Default 'shuffle'. */
  sampler?: Sampler;
  /** Whole number below 2³². Default 0. */
  seed?: number;
  /** From `streamOf`. Default: the first of 'batches'. */
  stream?: number;
  /** Whether an epoch's last batch is left out where it is short. Default false; 'replacement' has no short batch. */
  dropLast?: boolean;
}

/** The same objects every step, with new contents. `size` = `inputs.shape[0]`. */
export interface Batch {
  /** (size, …row) float32. */
  readonly inputs: Tensor;
  /** (size) int32: class ids. */
  readonly labels: Tensor<'int32'>;
  /** How many examples the batch has: fewer than `batchSize` where it is an epoch's last. */
  size: number;
  /** Its step. */
  index: number;
}

const integers = is.tensorOf('int32');

/** Batches by step: batch(s) depends on the seed and s, not on which batches came before. */
export class DataLoader {
  /** Where examples are taken from. */
  readonly dataset: TensorDataset;
  /** Examples in a full batch. */
  readonly batchSize: number;
  /** How examples are chosen. */
  readonly sampler: Sampler;
  /** 'replacement': how many batches draw as many examples as there are, rounded down. */
  readonly batchesPerEpoch: number;
  readonly #rng: Rng;
  readonly #stream: number;
  readonly #rowSize: number;
  readonly #batch: Batch;
  /** An epoch's order, or one batch's draws. */
  readonly #indices: Tensor<'int32'>;
  #epoch = -1;
  #nextEpoch = 0;

  /** @throws RangeError where an option is out of its range, or `dropLast` leaves nothing */
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
    // Batches of another size would be written beyond its memory.
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
   * Gathers the batch of a step; steps go on through the epochs. The next call overwrites it.
   * @throws RangeError where the step is not a whole number below 2³²
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
   * The batches of an epoch, counted from 0, one after the other. They share memory: using one after the next has been made is an error.
   *
   *     for (const { inputs, labels } of loader.epoch(0)) { … }
   *
   * @throws RangeError where the epoch is not a whole number of 0 or more
   */
  epoch(epoch: number): Generator<Batch, void, undefined> {
    const last = Math.floor((2 ** 32 - 1) / this.batchesPerEpoch) - 1;
    is.checkArguments('DataLoader.epoch', arguments, { epoch: is.integer(0, last) });
    return this.#batches(epoch);
  }

  /** The next epoch: 0 in the first loop over the loader, 1 in the second. Set `nextEpoch` to go on elsewhere. */
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

/** A batch of an epoch. */
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
