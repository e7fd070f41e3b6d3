// Layers one after another: the model, and the one owner of its parameters' memory.
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
import { BaseLayer, type FusedActivation, type Layer, requireForwardFirst } from './layer.ts';

/** What a model must know before it takes memory. */
export interface PlacementOptions {
  /** One row of input, such as [784]. */
  inputShape: readonly number[];
  /** The most rows that `forward` will ever be given. */
  batchSize: number;
  /** Whole number below 2³²: fixes the initial parameters. */
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

/** f(x) = fₙ(… f₂(f₁(x))). A layer belongs to one Sequential. Book: MultiLayerNet, built from parts. */
export class Sequential extends BaseLayer {
  /** Name of the kind of layer, as in messages. */
  readonly name = 'Sequential';
  /** In the order of a forward pass. */
  readonly layers: readonly Layer[];
  #step = 0;
  #placement: Placement | undefined;
  #outputShapes: readonly (readonly number[])[] | undefined;

  /**
   * @param given an array of layers, or each as an argument of its own
   * @throws RangeError where there is no layer or one comes twice, TypeError where something else is among them
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
    this.layers = [...layers];
    layers.forEach((layer, index) => {
      for (const stateEntries of layerStateEntries(layer)) stateEntries.name = `${index}.${stateEntries.name}`;
    });
  }

  /**
   * Gives the model memory and initial parameters: one block of values (those that decay first), one of gradients, one of
   * running statistics.
   * @throws RangeError where a layer cannot take what comes before it, or where the memory does not suffice; TypeError where the
   * device is none
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
      // Whoever tries a smaller batch has all the room there was.
      device.arena.release(mark);
      throw error;
    }
    this.initialize(new Rng(device, seed), new Streams());
    return this;
  }

  /** Whose memory the model has. @throws TypeError before `to` */
  get device(): Device {
    return this.#placed.device;
  }

  /** The most rows of a batch. */
  get batchSize(): number {
    return this.#placed.batchSize;
  }

  /** One row of input. */
  get inputShape(): readonly number[] {
    return this.#placed.inputShape;
  }

  /** One row of output. */
  get outputShape(): readonly number[] {
    return this.#placed.outputShape;
  }

  /** One row of what each layer puts out. */
  get outputShapes(): readonly (readonly number[])[] {
    return requireForwardFirst('Sequential', 'to(device, …)', this.#outputShapes);
  }

  /** Every parameter as one flat tensor, for digests and checkpoints. */
  get values(): Tensor {
    return this.#placed.block.values;
  }

  /** Every gradient, in the layout of `values`. */
  get grads(): Tensor {
    return this.#placed.block.grads;
  }

  /** Every running statistic as one flat tensor, of size 0 where no layer keeps any: a checkpoint needs them too. */
  get running(): Tensor {
    return this.#placed.running;
  }

  /**
   * Forward passes done in training, or what it was set to: where its layers' random numbers stand (`Dropout`). It is all
   * that a checkpoint needs of them.
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

  /** What all layers learn, layer by layer. A new array at each call. */
  override parameters(): Parameter[] {
    return this.layers.flatMap((layer) => layer.parameters());
  }

  /** Returns the buffers: running statistics, which no optimizer moves. */
  buffers(): Buffer[] {
    return this.layers.flatMap((layer) => layer.buffers?.() ?? []);
  }

  /** Sets every gradient to 0. `backward` overwrites them, so that a training step does without. */
  zeroGrad(): void {
    is.checkCount('Sequential.zeroGrad', arguments.length, 0);
    this.device.kernels.fill(this.grads.size, 0, this.grads.pointer);
  }

  protected allocateBuffers(
    device: Device,
    inputShape: readonly number[],
    batchSize: number,
    needsInputGradient: boolean,
  ): readonly number[] {
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
   * The activation that a pass fuses at a layer: a ReLU behind a Linear, a convolution with bias or a norm is applied while that
   * stores its output. Both the layer and the ReLU have it. A layer whose `forward` is not this library's is never fused.
   */
  fusedActivation(index: number): FusedActivation | undefined {
    return this.#fusesNext(index) || this.#fusesNext(index - 1) ? 'relu' : undefined;
  }

  #fusesNext(index: number): boolean {
    const layer = this.layers[index];
    const next = this.layers[index + 1];
    if (!(layer instanceof BaseLayer) || layer instanceof ReLU || !(next instanceof ReLU)) return false;
    const { forward } = BaseLayer.prototype;
    const isOwn = layer.forward === forward && next.forward === forward && next.constructor === ReLU;
    return isOwn && layer.fusibleActivations.includes('relu');
  }

  protected override initializeParameters(rng: Rng, streams: Streams): void {
    for (const layer of this.layers) layer.initialize(rng, streams);
  }

  /**
   * @param x (B, …inputShape) with B ≤ batchSize
   * @returns (B, …outputShape), the last layer's own memory: the next call overwrites it
   * @throws RangeError where x is of another shape or device, TypeError before `to`
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

  /** Copies of parameters and running statistics under PyTorch's names, in PyTorch's layout. */
  stateDict(): StateDict {
    return readState(this.stored());
  }

  /** Copies of the gradients that the last `backward` wrote, named and laid out as in `stateDict`. */
  gradientDict(): StateDict {
    return readGradients(this.parameters());
  }

  /** Parameters and running statistics, layer by layer. */
  stored(): StateEntry[] {
    return this.layers.flatMap(layerStateEntries);
  }

  /** @throws RangeError where a name is missing, unknown, or has another shape; nothing is written then */
  loadStateDict(state: StateDict): void {
    is.checkArguments('Sequential', arguments, { state: stateLike });
    writeState(this.stored(), state);
  }

  /** The layers, their numbers of parameters and, after `to`, their output shapes, as `console.log` prints them in Node. */
  [is.inspectSymbol](): string {
    const lines = this.layers.map((layer, index) => {
      if (layer instanceof Sequential) return `  (${index}): ${layer[is.inspectSymbol]().replaceAll('\n', '\n  ')}`;
      const shape = this.#outputShapes?.[index];
      return `  (${index}): ${layer.name}, ${countText(layer)}${shape ? `, output [${shape.join(', ')}]` : ''}`;
    });
    return ['Sequential(', ...lines, `), ${countText(this)}`].join('\n');
  }

  get #placed(): Placement {
    return requireForwardFirst('Sequential', 'to(device, …)', this.#placement);
  }
}

function countText(layer: Layer): string {
  const count = layer.parameters().reduce((total, { size }) => total + size, 0);
  return `${count} parameter${count === 1 ? '' : 's'}`;
}
