// Losses: a batch of predictions and what they should have been → one number to descend, and its gradient.
import type { Device, Kernels } from '@descent/kernels';
import { ClassTargets, type TargetSettings } from './class-targets.ts';
import * as is from './core/check.ts';
import { sizeOf, Tensor } from './core/tensor.ts';
import { checkBatch, requireForwardFirst } from './layers/layer.ts';
import type { Sequential } from './layers/sequential.ts';
import {
  checkGradient,
  checkSameShape,
  type LossValue,
  type Reduction,
  reductions,
  sizesOf,
  type Told,
} from './loss-arguments.ts';

/** Options of `CrossEntropyLoss`, PyTorch's. */
export interface CrossEntropyLossOptions<R extends Reduction = Reduction> {
  /** C weights of 0 or more, one for each class. The mean over labels is then Σ weight · loss ÷ Σ weight. Default: 1 each. */
  weight?: readonly number[] | Float32Array;
  /** The label of rows to skip: their loss and gradient are 0, and means leave them out. Default −100. */
  ignoreIndex?: number;
  /** ε from 0 to 1: targets become (1 − ε) of themselves plus ε/C of every class. Default 0. */
  labelSmoothing?: number;
  /** Default 'mean'. */
  reduction?: R;
}

const numbers = is.listOf('an array of numbers', is.nonNegative);
const crossEntropyOptions = is.optionsOf<CrossEntropyLossOptions>({
  weight: (who, name, value) => numbers(who, name, value instanceof Float32Array ? [...value] : value),
  ignoreIndex: is.integer(-(2 ** 31), 2 ** 31 - 1),
  labelSmoothing: is.probability,
  reduction: reductions,
});

interface CrossEntropyPlan {
  device: Device;
  kernels: Kernels;
  rowShape: readonly [number];
  batchSize: number;
  probabilities: Tensor;
  losses: Tensor;
  targets: ClassTargets;
  gradients: Tensor;
  dx: Tensor;
}

/**
 * L = mean over the batch of −log softmax(x)[label]. Backward: dx = (softmax(x) − oneHot(label)) / B.
 * Logits (B, C), labels (B) in [0, C). Book: SoftmaxWithLoss, section 5.6.3.
 * Options and targets of probabilities (B, C) as in PyTorch: the loss of a row is Σ w · q · −log softmax(x), with q the smoothed target.
 */
export class CrossEntropyLoss<R extends Reduction = 'mean'> {
  /** The label of rows that are skipped. */
  readonly ignoreIndex: number;
  /** How the losses of a batch become one number. */
  readonly reduction: Reduction;
  readonly #settings: TargetSettings;
  #plan: CrossEntropyPlan | undefined;
  /** The labels that the last `forward` took to the kernels themselves; null where it made targets of them; undefined before. */
  #labels: Tensor<'int32'> | null | undefined;
  /** What the sum of the last losses was divided by. */
  #divisor = 1;

  /** @throws TypeError where an option is unknown or of a wrong type, RangeError where one is out of its range */
  constructor(options: CrossEntropyLossOptions<R> = {}) {
    is.checkArguments('CrossEntropyLoss', arguments, { options: crossEntropyOptions });
    const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = 'mean' } = options;
    this.ignoreIndex = ignoreIndex;
    this.reduction = reduction;
    this.#settings = { weight: weight && Float32Array.from(weight), ignoreIndex, labelSmoothing };
  }

  /** Takes memory for what a model puts out. @throws TypeError before the model's `to` */
  allocate(model: Sequential): this;
  /** Takes memory for up to `batchSize` rows of logits. @throws RangeError where a size is not a whole number of 1 or more */
  allocate(device: Device, classes: number, batchSize: number): this;
  allocate(...told: Told): this {
    const [device, rowShape, batchSize] = sizesOf('CrossEntropyLoss', 'classes', 2, told);
    const [classes, ...more] = rowShape as [number, ...number[]];
    if (more.length > 0) {
      const got = `a model whose output has rows of [${rowShape.join(', ')}]`;
      throw new RangeError(`[CrossEntropyLoss] expected rows of one dimension, the classes, but got ${got}`);
    }
    this.forgetForward();
    this.#plan = {
      device,
      kernels: device.kernels,
      rowShape: [classes],
      batchSize,
      probabilities: Tensor.zeros(device, [batchSize, classes]),
      losses: Tensor.zeros(device, [batchSize]),
      targets: new ClassTargets(device, classes, batchSize, this.#settings),
      gradients: Tensor.zeros(device, [batchSize]),
      dx: Tensor.zeros(device, [batchSize, classes]),
    };
    return this;
  }

  /** C, the numbers of a row of logits. */
  get classes(): number {
    return this.#laidOut.rowShape[0];
  }

  /** softmax of the last logits (B, C). */
  get probabilities(): Tensor {
    return this.#laidOut.probabilities;
  }

  /** The last batch's loss of each row (B): with its weights, 0 where the row was skipped. */
  get losses(): Tensor {
    return this.#laidOut.losses;
  }

  /** What each row of the last batch counts in a mean (B): the weight of its label, 0 where the row was skipped. */
  get rowWeights(): Tensor {
    return this.#laidOut.targets.rowWeights;
  }

  /**
   * @param targets labels (B), or probabilities (B, C)
   * @returns the mean or the sum, in nats, as a float32; with the reduction 'none' the tensor `losses`
   * @throws RangeError where shapes do not match, a label is no class, or no row counts in a mean; TypeError where a type does not match
   */
  forward(logits: Tensor, targets: Tensor<'int32'> | Tensor): LossValue<R> {
    is.checkCount('CrossEntropyLoss.forward', arguments.length, 2);
    const losses = this.rowLosses(logits, targets);
    if (this.reduction === 'none') return losses as LossValue<R>;
    const { kernels } = losses.device;
    const { size, pointer } = losses;
    this.#divisor = this.reduction === 'sum' ? 1 : kernels.wideSum(size, this.rowWeights.pointer);
    if (this.#divisor === 0) throw noRowCounts('CrossEntropyLoss', this.ignoreIndex);
    const isShort = this.#labels && size <= FLOAT32_ROWS;
    const sum = isShort ? kernels.sum(size, pointer) : kernels.wideSum(size, pointer);
    return Math.fround(sum / this.#divisor) as LossValue<R>;
  }

  /** Computes `losses`, which it returns, and `rowWeights`, as `forward` does, but no mean or sum. */
  rowLosses(logits: Tensor, targets: Tensor<'int32'> | Tensor): Tensor {
    const { device, kernels, rowShape, batchSize, probabilities, losses, dx, targets: made } = this.#laidOut;
    is.checkCount('CrossEntropyLoss.rowLosses', arguments.length, 2);
    checkBatch('CrossEntropyLoss', logits, rowShape, batchSize, 'logits');
    checkRows('CrossEntropyLoss', logits);
    const soft = targets?.dtype === 'float32' && targets.shape.length === 2 ? targets : null;
    const labels = targets as Tensor<'int32'>;
    if (soft) checkProbabilities(logits, soft);
    else checkLabels('CrossEntropyLoss', logits, labels);
    is.checkSameDevice('CrossEntropyLoss', device, logits);
    is.checkSameDevice('CrossEntropyLoss', device, targets);
    const rows = logits.shape[0] as number;
    const p = probabilities.pointer;
    probabilities.shape[0] = losses.shape[0] = dx.shape[0] = made.rowWeights.shape[0] = rows;
    const isPlain = made.isPlain && this.reduction === 'mean';
    if (soft) made.fromProbabilities(soft);
    this.#labels = !soft && made.fromLabels(labels, isPlain) === 0 && isPlain ? labels : null;
    if (this.#labels) kernels.softmaxCrossEntropy(rows, rowShape[0], logits.pointer, labels.pointer, p, losses.pointer);
    else kernels.softCrossEntropy(rows, rowShape[0], logits.pointer, made.values.pointer, p, losses.pointer);
    return losses;
  }

  /**
   * `backward` needs a new forward pass from here on.
   * @internal
   */
  forgetForward(): void {
    this.#labels = undefined;
  }

  /**
   * The gradient of the last loss by its logits (B, C).
   * @param dy (B), with the reduction 'none' alone: the gradient of `losses`
   * @throws TypeError before `forward`, without dy where the reduction is 'none', or with it where it is not
   */
  backward(dy?: Tensor): Tensor {
    is.checkCount('CrossEntropyLoss.backward', arguments.length, 1);
    const { kernels, rowShape, probabilities, losses, dx, targets, gradients } = this.#laidOut;
    const labels = requireForwardFirst('CrossEntropyLoss', 'forward', this.#labels);
    checkGradient('CrossEntropyLoss', this.reduction, losses, dy);
    const rows = losses.size;
    const p = probabilities.pointer;
    if (labels) kernels.softmaxCrossEntropyBackward(rows, rowShape[0], p, labels.pointer, dx.pointer);
    else {
      if (!dy) kernels.fill(rows, 1 / this.#divisor, gradients.pointer);
      const dLosses = (dy ?? gradients).pointer;
      kernels.softCrossEntropyBackward(rows, rowShape[0], p, targets.values.pointer, dLosses, dx.pointer);
    }
    return dx;
  }

  get #laidOut(): CrossEntropyPlan {
    const plan = requireForwardFirst('CrossEntropyLoss', 'allocate(model)', this.#plan);
    is.check('CrossEntropyLoss', 'its own tensors', plan.dx, floats);
    return plan;
  }
}

/** Up to so many rows, the sum of a plain mean is float32: the bits of ordinary batches stay. */
const FLOAT32_ROWS = 1024;

/** What a mean without rows throws. */
export function noRowCounts(who: string, ignoreIndex: number): RangeError {
  return new RangeError(
    `[${who}] expected a row that counts, but every label is ${ignoreIndex} (ignoreIndex) or has weight 0`,
  );
}

/** @throws RangeError unless there is a row of C probabilities for every row of logits */
function checkProbabilities({ shape }: Tensor, targets: Tensor): void {
  is.check('CrossEntropyLoss', 'targets', targets, floats);
  checkSameShape('CrossEntropyLoss', 'probabilities', { shape }, targets);
}

/** @throws RangeError unless there is a label for every row, TypeError unless they are int32 */
export function checkLabels(who: string, logits: Tensor, labels: Tensor<'int32'>): void {
  is.check(who, 'labels', labels, integers);
  if (labels.size === logits.shape[0] && labels.shape.length === 1) return;
  throw new RangeError(
    `[${who}] expected labels of the shape [${logits.shape[0]}], one class for each row, but got [${labels.shape.join(', ')}]`,
  );
}

/** @throws RangeError unless logits are (B, C) of two classes or more */
export function checkRows(who: string, { shape }: Tensor): void {
  if (shape.length === 2 && (shape[1] as number) > 1) return;
  throw new RangeError(
    `[${who}] expected logits of the shape [rows, classes], with two classes or more, but got [${shape.join(', ')}]`,
  );
}

const floats = is.tensorOf('float32');
const integers = is.tensorOf('int32');

interface SquaredErrorPlan {
  device: Device;
  kernels: Kernels;
  rowShape: readonly [number];
  batchSize: number;
  errors: Tensor;
  dx: Tensor;
}

/** Options of `MSELoss`. */
export interface MSELossOptions<R extends Reduction = Reduction> {
  /** Default 'mean'. */
  reduction?: R;
}

const mseOptions = is.optionsOf<MSELossOptions>({ reduction: reductions });

/**
 * L = mean over all elements of (x − target)². Backward: dx = 2 (x − target) / size.
 * Book: sum_squared_error is ½ Σ (x − target)², section 4.2.1.
 */
export class MSELoss<R extends Reduction = 'mean'> {
  /** How the squared errors of a batch become one number. */
  readonly reduction: Reduction;
  #plan: SquaredErrorPlan | undefined;
  #x: Tensor | undefined;
  #target: Tensor | undefined;

  /** @throws TypeError where an option is unknown or of a wrong type */
  constructor(options: MSELossOptions<R> = {}) {
    is.checkArguments('MSELoss', arguments, { options: mseOptions });
    this.reduction = options.reduction ?? 'mean';
  }

  /** Takes memory for what a model puts out. @throws TypeError before the model's `to` */
  allocate(model: Sequential): this;
  /** Takes memory for up to `batchSize` rows of `rowSize` elements. @throws RangeError where a size is not a whole number of 1 or more */
  allocate(device: Device, rowSize: number, batchSize: number): this;
  allocate(...told: Told): this {
    const [device, row, batchSize] = sizesOf('MSELoss', 'rowSize', 1, told);
    const rowSize = sizeOf(row);
    const shape = [batchSize, rowSize];
    this.#x = this.#target = undefined;
    const errors = Tensor.zeros(device, shape);
    this.#plan = {
      device,
      kernels: device.kernels,
      rowShape: [rowSize],
      batchSize,
      errors,
      dx: Tensor.zeros(device, shape),
    };
    return this;
  }

  /** @returns the mean or the sum, as a float32; with the reduction 'none' the squared errors, of the shape of x */
  forward(x: Tensor, target: Tensor): LossValue<R> {
    is.checkCount('MSELoss.forward', arguments.length, 2);
    const { device, kernels, rowShape, batchSize, errors } = this.#laidOut;
    checkBatch('MSELoss', x, rowShape, batchSize);
    is.check('MSELoss', 'target', target, floats);
    is.checkSameDevice('MSELoss', device, x);
    is.checkSameDevice('MSELoss', device, target);
    checkSameShape('MSELoss', 'target', x, target);
    const size = x.size;
    kernels.squaredError(size, x.pointer, target.pointer, errors.pointer);
    this.#x = x;
    this.#target = target;
    errors.shape[0] = x.shape[0] as number;
    if (this.reduction === 'none') return errors as LossValue<R>;
    const sum = kernels.wideSum(size, errors.pointer);
    return Math.fround(this.reduction === 'sum' ? sum : sum / size) as LossValue<R>;
  }

  /**
   * The gradient of the last loss by x.
   * @param dy with the reduction 'none' alone: the gradient of the squared errors
   * @throws TypeError before `forward`, without dy where the reduction is 'none', or with it where it is not
   */
  backward(dy?: Tensor): Tensor {
    is.checkCount('MSELoss.backward', arguments.length, 1);
    const { kernels, dx, errors } = this.#laidOut;
    const x = requireForwardFirst('MSELoss', 'forward', this.#x);
    const target = requireForwardFirst('MSELoss', 'forward', this.#target);
    checkGradient('MSELoss', this.reduction, errors, dy);
    dx.shape[0] = x.shape[0] as number;
    const scale = this.reduction === 'mean' ? 2 / x.size : 2;
    kernels.squaredErrorBackward(x.size, scale, x.pointer, target.pointer, dx.pointer);
    if (dy) kernels.mul(x.size, dx.pointer, dy.pointer, dx.pointer);
    return dx;
  }

  get #laidOut(): SquaredErrorPlan {
    const plan = requireForwardFirst('MSELoss', 'allocate(model)', this.#plan);
    is.check('MSELoss', 'its own tensors', plan.dx, floats);
    return plan;
  }
}
