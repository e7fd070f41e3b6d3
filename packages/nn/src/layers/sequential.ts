// The sequence of layers: a model and the owner of its memory.
import type { Device } from '@descent/kernels';
import * as is from '../core/check.ts';
import {
  allocateBuffers,
  allocateParameters,
  type Buffer,
  type Parameter,
  type ParameterBlock,
} from '../core/parameter.ts';
import { Rng, Streams } from '../core/random.ts';
import {
  layerStateEntries,
  readGradients,
  readState,
  type StateDict,
  type StateEntry,
  stateLike,
  writeState,
} from '../core/state-dict.ts';
import type { Tensor } from '../core/tensor.ts';
import { ReLU } from './activation.ts';
import { type Allocation, BaseLayer, type FusedActivation, type Layer, requireForwardFirst } from './layer.ts';

/** Options of `Sequential.to`. */
export interface PlacementOptions {
  /** One row of input, such as [784]. */
  inputShape: readonly number[];
  /** Maximum number of rows of a batch. */
  batchSize: number;
  /** Seed of the initial parameters: a whole number below 2³². */
  seed: number;
}

interface Placement {
  device: Device;
  batchSize: number;
  inputShape: readonly number[];
  outputShape: readonly number[];
  block: ParameterBlock;
  running: Tensor;
}

/** f(x) = fₙ(… f₂(f₁(x))). A layer belongs to one Sequential. Book: MultiLayerNet. */
export class Sequential extends BaseLayer {
  readonly name = 'Sequential';
  /** In the order of a forward pass. */
  readonly layers: readonly Layer[];
  #step = 0;
  #placement: Placement | undefined;
  #outputShapes: readonly (readonly number[])[] | undefined;

  /**
   * @param given an array of layers, or one layer per argument
   * @throws RangeError if there is no layer or the same layer twice, TypeError if an element is not a layer
   */
  constructor(...given: readonly Layer[] | readonly [layers: readonly Layer[]]) {
    super();
    const layers = given.flat() as Layer[];
    if (layers.length === 0) throw new RangeError('[Sequential] expected at least one layer but got none');
    for (const layer of layers) {
      for (const method of ['parameters', 'allocate', 'initialize', 'forward', 'backward']) {
        is.check('Sequential', 'a layer', layer, is.having(method, `made with new and to have ${method}`));
      }
    }
    if (new Set(layers).size !== layers.length) {
      throw new RangeError('[Sequential] expected every layer once but got one twice; make a layer for each place');
    }
    this.layers = Object.freeze([...layers]);
    layers.forEach((layer, index) => {
      for (const entry of layerStateEntries(layer)) entry.name = `${index}.${entry.name}`;
    });
  }

  /**
   * Allocates memory and sets the initial parameters. Values (those with weight decay first), gradients and running
   * statistics are one block each.
   * @throws RangeError if a layer does not accept its input or the memory does not suffice, TypeError if `device` is not a device
   */
  to(device: Device, options: PlacementOptions): this {
    const rules = { inputShape: is.shapeLike, batchSize: is.integer(1, 2 ** 20), seed: is.uint32 };
    is.checkArguments('Sequential', arguments, {
      device: is.deviceLike,
      options: is.optionsOf<PlacementOptions>(rules, ['inputShape', 'batchSize', 'seed']),
    });
    const { inputShape, batchSize, seed } = options;
    const mark = device.arena.mark();
    try {
      const block = allocateParameters(device, this.parameters());
      const running = allocateBuffers(device, this.buffers());
      const outputShape = this.allocate(device, inputShape, batchSize, false);
      this.#placement?.block.values.retire();
      this.#placement?.block.grads.retire();
      this.#placement = { device, batchSize, inputShape: [...inputShape], outputShape, block, running };
    } catch (error) {
      this.#placement = undefined;
      // Leaves all memory for another attempt with a smaller batch.
      device.arena.release(mark);
      throw error;
    }
    this.initialize(new Rng(device, seed), new Streams());
    return this;
  }

  /** The device of the model's memory. @throws TypeError before `to` */
  get device(): Device {
    return this.#allocated.device;
  }

  /** Maximum number of rows of a batch. */
  get batchSize(): number {
    return this.#allocated.batchSize;
  }

  /** Shape of a row of input. */
  get inputShape(): readonly number[] {
    return this.#allocated.inputShape;
  }

  /** Shape of a row of output. */
  get outputShape(): readonly number[] {
    return this.#allocated.outputShape;
  }

  /** Shape of a row of output of each layer. */
  get outputShapes(): readonly (readonly number[])[] {
    return requireForwardFirst('Sequential', 'to(device, …)', this.#outputShapes);
  }

  /** All parameters as one flat tensor, for digests and checkpoints. */
  get values(): Tensor {
    return this.#allocated.block.values;
  }

  /** All gradients, in the layout of `values`. */
  get grads(): Tensor {
    return this.#allocated.block.grads;
  }

  /** All running statistics as one flat tensor, which may be empty. A checkpoint needs them too. */
  get running(): Tensor {
    return this.#allocated.running;
  }

  /**
   * Number of forward passes in training mode, which addresses the random numbers of `Dropout`. To continue from a
   * checkpoint, set it to the number of completed steps.
   */
  get step(): number {
    return this.#step;
  }

  /** @throws TypeError or RangeError unless it is a whole number below 2³² */
  set step(step: number) {
    is.check('Sequential', 'step', step, is.uint32);
    this.#step = step;
    for (const layer of this.layers) if (layer.step !== undefined) layer.step = step;
  }

  /** Whether all layers are in training mode; setting it sets them all. */
  override get training(): boolean {
    return super.training;
  }

  /** Whether all layers are in training mode; setting it sets them all. */
  override set training(training: boolean) {
    super.training = training;
    for (const layer of this.layers) layer.training = training;
  }

  /** Sets `training` to true, here and in every layer. */
  train(): this {
    is.checkCount('Sequential.train', arguments.length, 0);
    this.training = true;
    return this;
  }

  /** Sets `training` to false, here and in every layer. */
  eval(): this {
    is.checkCount('Sequential.eval', arguments.length, 0);
    this.training = false;
    return this;
  }

  /** Returns a new array of the parameters, layer by layer. */
  override parameters(): Parameter[] {
    return this.layers.flatMap((layer) => layer.parameters());
  }

  /** Returns the running statistics, layer by layer. */
  buffers(): Buffer[] {
    return this.layers.flatMap((layer) => layer.buffers?.() ?? []);
  }

  /** Sets all gradients to 0. A training step does not need it, because `backward` overwrites them. */
  zeroGrad(): void {
    is.checkCount('Sequential.zeroGrad', arguments.length, 0);
    this.device.kernels.fill(this.grads.size, 0, this.grads.pointer);
  }

  protected allocateBuffers({ device, inputShape, batchSize, needsInputGradient }: Allocation): readonly number[] {
    let shape = inputShape;
    let needed = needsInputGradient;
    this.#outputShapes = this.layers.map((layer) => {
      shape = layer.allocate(device, shape, batchSize, needed);
      needed ||= layer.parameters().length > 0;
      return shape;
    });
    return shape;
  }

  /**
   * Returns the `fusedActivation` that `forward` passes to a layer. A Linear, a convolution with bias and a norm apply the
   * ReLU behind them to their output in the same pass; both layers get 'relu'. A layer with another `forward` than this
   * library's is never fused.
   */
  fusedActivation(index: number): FusedActivation | undefined {
    return this.#fusesNext(index) || this.#fusesNext(index - 1) ? 'relu' : undefined;
  }

  #fusesNext(index: number): boolean {
    const layer = this.layers[index];
    const next = this.layers[index + 1];
    if (!(layer instanceof BaseLayer) || layer instanceof ReLU || !(next instanceof ReLU)) return false;
    const { forward } = BaseLayer.prototype;
    const isLibrary = layer.forward === forward && next.forward === forward && next.constructor === ReLU;
    return isLibrary && layer.fusibleActivations.includes('relu');
  }

  protected override initializeParameters(rng: Rng, streams: Streams): void {
    for (const layer of this.layers) layer.initialize(rng, streams);
  }

  /**
   * @param x (B, …inputShape) with B ≤ batchSize
   * @returns (B, …outputShape), owned by the last layer: the next call overwrites it
   * @throws RangeError if x has another shape or device, TypeError before `to`
   */
  protected computeOutput(x: Tensor): Tensor {
    let y = x;
    for (let index = 0; index < this.layers.length; index++) {
      y = (this.layers[index] as Layer).forward(y, this.fusedActivation(index));
    }
    if (this.training) this.#step++;
    return y;
  }

  protected computeGradients(dy: Tensor): Tensor | null {
    let gradient: Tensor | null = dy;
    for (let index = this.layers.length - 1; index >= 0 && gradient; index--) {
      gradient = (this.layers[index] as Layer).backward(gradient);
    }
    return gradient;
  }

  /** Returns copies of the parameters and running statistics with PyTorch's names, in PyTorch's layout. */
  stateDict(): StateDict {
    return readState(this.stateEntries());
  }

  /** Returns copies of the gradients, with the names and the layout of `stateDict`. */
  gradientDict(): StateDict {
    return readGradients(this.parameters());
  }

  /** Returns the parameters and running statistics, layer by layer. */
  stateEntries(): StateEntry[] {
    return this.layers.flatMap(layerStateEntries);
  }

  /** Writes a state dict. @throws RangeError if a name is missing, unknown, or has another shape; then it writes nothing */
  loadStateDict(state: StateDict): void {
    is.checkArguments('Sequential', arguments, { state: stateLike });
    writeState(this.stateEntries(), state);
  }

  /** Returns the text that `console.log` prints in Node: layers, numbers of parameters and, after `to`, output shapes. */
  [is.inspectSymbol](): string {
    const lines = this.layers.map((layer, index) => {
      if (layer instanceof Sequential) return `  (${index}): ${layer[is.inspectSymbol]().replaceAll('\n', '\n  ')}`;
      const shape = this.#outputShapes?.[index];
      return `  (${index}): ${layer.name}, ${countText(layer)}${shape ? `, output [${shape.join(', ')}]` : ''}`;
    });
    return ['Sequential(', ...lines, `), ${countText(this)}`].join('\n');
  }

  get #allocated(): Placement {
    return requireForwardFirst('Sequential', 'to(device, …)', this.#placement);
  }
}

function countText(layer: Layer): string {
  const count = layer.parameters().reduce((total, { size }) => total + size, 0);
  return `${count} parameter${count === 1 ? '' : 's'}`;
}
