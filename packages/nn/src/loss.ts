// Losses: the error of a batch of predictions as one number, and its gradient.
import type { Device } from '@descent/kernels';
import { ClassTargets, type TargetSettings } from './class-targets.ts';
import * as is from './core/check.ts';
import { sizeOf, Tensor } from './core/tensor.ts';
import { checkBatch, requireForwardFirst } from './layers/layer.ts';
import type { Sequential } from './layers/sequential.ts';
import {
  type AllocateArguments,
  checkSameShape,
  Loss,
  type LossSizes,
  type LossValue,
  type Reduction,
  reductionLike,
  resolveSizes,
} from './loss-base.ts';

const floats = is.tensorOf('float32');
const integers = is.tensorOf('int32');

/** Options of `CrossEntropyLoss`, as in PyTorch. */
export interface CrossEntropyLossOptions<R extends Reduction = Reduction> {
  /** C weights of 0 or more, one per class. The mean over labels is then Σ weight · loss ÷ Σ weight. Default: 1 each. */
  weight?: readonly number[] | Float32Array;
  /** The label of rows to ignore: their loss and gradient are 0, and they do not count in means. Default −100. */
  ignoreIndex?: number;
  /** ε from 0 to 1: the targets become (1 − ε) · target + ε/C. Default 0. */
  labelSmoothing?: number;
  /** Default 'mean'. */
  reduction?: R;
}

const numbers = is.listOf('an array of numbers', is.nonNegative);
const crossEntropyOptions = is.optionsOf<CrossEntropyLossOptions>({
  weight: (who, name, value) => numbers(who, name, value instanceof Float32Array ? [...value] : value),
  ignoreIndex: is.integer(-(2 ** 31), 2 ** 31 - 1),
  labelSmoothing: is.probability,
  reduction: reductionLike,
});

interface CrossEntropyBuffers extends LossSizes {
  classes: number;
  probabilities: Tensor;
  losses: Tensor;
  targets: ClassTargets;
  gradients: Tensor;
  dx: Tensor;
}

/** Maximum number of rows whose losses a plain mean sums in float32, so that ordinary batches keep their bits. */
const MAX_FLOAT32_ROWS = 1024;

/**
 * L = mean over the batch of −log softmax(x)[label]. Backward: dx = (softmax(x) − oneHot(label)) / B.
 * Logits (B, C), labels (B) in [0, C). Book: SoftmaxWithLoss, section 5.6.3.
 * Options and probabilities as targets (B, C) are PyTorch's: the loss of a row is Σ w · q · −log softmax(x), with q the smoothed
 * target.
 */
export class CrossEntropyLoss<R extends Reduction = 'mean'> extends Loss<CrossEntropyBuffers> {
  readonly name = 'CrossEntropyLoss';
  /** The label of ignored rows. */
  readonly ignoreIndex: number;
  readonly #settings: TargetSettings;
  /** The labels of the last `forward` if the kernels read them; null if they read targets; undefined before `forward`. */
  #labels: Tensor<'int32'> | null | undefined;
  /** The divisor of the last sum of losses. */
  #divisor = 1;

  /** @throws TypeError if an option is unknown or has a wrong type, RangeError if one is out of its range */
  constructor(options: CrossEntropyLossOptions<R> = {}) {
    is.checkArguments('CrossEntropyLoss', arguments, { options: crossEntropyOptions });
    const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction } = options;
    super(reduction);
    this.ignoreIndex = ignoreIndex;
    this.#settings = { weight: weight && Float32Array.from(weight), ignoreIndex, labelSmoothing };
  }

  /** Allocates memory for the output of a model. @throws TypeError before the model's `to` */
  allocate(model: Sequential): this;
  /** Allocates memory for up to `batchSize` rows of logits. @throws RangeError if a size is not a whole number of 1 or more */
  allocate(device: Device, classes: number, batchSize: number): this;
  allocate(...given: AllocateArguments): this {
    const { device, rowShape, batchSize } = resolveSizes('CrossEntropyLoss', 'classes', 2, given);
    const [classes, ...more] = rowShape as [number, ...number[]];
    if (more.length > 0) {
      const got = `a model whose output has rows of [${rowShape.join(', ')}]`;
      throw new RangeError(`[CrossEntropyLoss] expected rows of one dimension, the classes, but got ${got}`);
    }
    this.forgetForward();
    this.buffers = {
      device,
      rowShape,
      batchSize,
      classes,
      probabilities: Tensor.zeros(device, [batchSize, classes]),
      losses: Tensor.zeros(device, [batchSize]),
      targets: new ClassTargets(device, classes, batchSize, this.#settings),
      gradients: Tensor.zeros(device, [batchSize]),
      dx: Tensor.zeros(device, [batchSize, classes]),
    };
    return this;
  }

  /** C, the number of logits per row. */
  get classes(): number {
    return this.buffers.classes;
  }

  /** softmax of the last logits (B, C). */
  get probabilities(): Tensor {
    return this.buffers.probabilities;
  }

  /** The loss of each row of the last batch (B): weighted, 0 for ignored rows. */
  get losses(): Tensor {
    return this.buffers.losses;
  }

  /** The weight of each row of the last batch in a mean (B): that of its label, 0 for ignored rows. */
  get rowWeights(): Tensor {
    return this.buffers.targets.rowWeights;
  }

  /**
   * Computes the loss of a batch.
   * @param targets labels (B), or probabilities (B, C)
   * @returns the mean or the sum, in nats, as a float32; with the reduction 'none' the tensor `losses`
   * @throws RangeError if shapes do not match, a label is not a class, or all rows are ignored; TypeError if a type does not match
   */
  forward(logits: Tensor, targets: Tensor<'int32'> | Tensor): LossValue<R> {
    is.checkCount('CrossEntropyLoss.forward', arguments.length, 2);
    const losses = this.rowLosses(logits, targets);
    if (this.reduction === 'none') return losses as LossValue<R>;
    const { kernels } = losses.device;
    const { size, pointer } = losses;
    this.#divisor = this.reduction === 'sum' ? 1 : kernels.wideSum(size, this.rowWeights.pointer);
    if (this.#divisor === 0) throw allRowsIgnored('CrossEntropyLoss', this.ignoreIndex);
    const isFloat32 = this.#labels && size <= MAX_FLOAT32_ROWS;
    const sum = isFloat32 ? kernels.sum(size, pointer) : kernels.wideSum(size, pointer);
    return Math.fround(sum / this.#divisor) as LossValue<R>;
  }

  /** Computes and returns `losses`, and computes `rowWeights`, as `forward` does, without a reduction. */
  rowLosses(logits: Tensor, targets: Tensor<'int32'> | Tensor): Tensor {
    const { device, rowShape, batchSize, classes, probabilities, losses, dx, targets: prepared } = this.buffers;
    const { kernels } = device;
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
    probabilities.shape[0] = losses.shape[0] = dx.shape[0] = prepared.rowWeights.shape[0] = rows;
    const isPlain = prepared.isPlain && this.reduction === 'mean';
    if (soft) prepared.fromProbabilities(soft);
    this.#labels = !soft && prepared.fromLabels(labels, isPlain) === 0 && isPlain ? labels : null;
    if (this.#labels) kernels.softmaxCrossEntropy(rows, classes, logits.pointer, labels.pointer, p, losses.pointer);
    else kernels.softCrossEntropy(rows, classes, logits.pointer, prepared.values.pointer, p, losses.pointer);
    return losses;
  }

  /**
   * Requires a new forward pass before the next `backward`.
   * @internal
   */
  forgetForward(): void {
    this.#labels = undefined;
  }

  /**
   * Returns the gradient of the last loss by its logits (B, C).
   * @param dy (B), with the reduction 'none' only: the gradient of `losses`
   * @throws TypeError before `forward`, without dy for the reduction 'none', or with dy for another
   */
  backward(dy?: Tensor): Tensor {
    is.checkCount('CrossEntropyLoss.backward', arguments.length, 1);
    const { device, classes, probabilities, losses, dx, targets, gradients } = this.buffers;
    const { kernels } = device;
    const labels = requireForwardFirst('CrossEntropyLoss', 'forward', this.#labels);
    this.checkGradient(losses, dy);
    const rows = losses.size;
    const p = probabilities.pointer;
    if (labels) kernels.softmaxCrossEntropyBackward(rows, classes, p, labels.pointer, dx.pointer);
    else {
      if (!dy) kernels.fill(rows, 1 / this.#divisor, gradients.pointer);
      const dLosses = (dy ?? gradients).pointer;
      kernels.softCrossEntropyBackward(rows, classes, p, targets.values.pointer, dLosses, dx.pointer);
    }
    return dx;
  }
}

/** Creates the error of a mean without rows. */
export function allRowsIgnored(who: string, ignoreIndex: number): RangeError {
  return new RangeError(
    `[${who}] expected a row that counts, but every label is ${ignoreIndex} (ignoreIndex) or has weight 0`,
  );
}

/** @throws RangeError unless there is a row of C probabilities for every row of logits */
function checkProbabilities(logits: Tensor, targets: Tensor): void {
  is.check('CrossEntropyLoss', 'targets', targets, floats);
  checkSameShape('CrossEntropyLoss', 'probabilities', logits, targets);
}

/** @throws RangeError unless there is a label for every row, TypeError unless they are int32 */
export function checkLabels(who: string, logits: Tensor, labels: Tensor<'int32'>): void {
  is.check(who, 'labels', labels, integers);
  if (labels.size === logits.shape[0] && labels.shape.length === 1) return;
  throw new RangeError(
    `[${who}] expected labels of the shape [${logits.shape[0]}], one class for each row, but got [${labels.shape.join(', ')}]`,
  );
}

/** @throws RangeError unless logits are (B, C) with one or more rows and two or more classes */
export function checkRows(who: string, { shape }: Tensor): void {
  if (shape.length === 2 && (shape[0] as number) > 0 && (shape[1] as number) > 1) return;
  throw new RangeError(
    `[${who}] expected logits of the shape [rows, classes], with two classes or more, but got [${shape.join(', ')}]`,
  );
}

/** Options of `MSELoss`. */
export interface MSELossOptions<R extends Reduction = Reduction> {
  /** Default 'mean'. */
  reduction?: R;
}

interface SquaredErrorBuffers extends LossSizes {
  errors: Tensor;
  dx: Tensor;
}

/**
 * L = mean over all elements of (x − target)². Backward: dx = 2 (x − target) / size.
 * Book: sum_squared_error is ½ Σ (x − target)², section 4.2.1.
 */
export class MSELoss<R extends Reduction = 'mean'> extends Loss<SquaredErrorBuffers> {
  readonly name = 'MSELoss';
  #x: Tensor | undefined;
  #target: Tensor | undefined;

  /** @throws TypeError if an option is unknown or has a wrong type */
  constructor(options: MSELossOptions<R> = {}) {
    const rule = is.optionsOf<MSELossOptions>({ reduction: reductionLike });
    is.checkArguments('MSELoss', arguments, { options: rule });
    super(options.reduction);
  }

  /** Allocates memory for the output of a model. @throws TypeError before the model's `to` */
  allocate(model: Sequential): this;
  /** Allocates memory for up to `batchSize` rows of `rowSize` elements. @throws RangeError if a size is not a whole number of 1 or more */
  allocate(device: Device, rowSize: number, batchSize: number): this;
  allocate(...given: AllocateArguments): this {
    const { device, rowShape, batchSize } = resolveSizes('MSELoss', 'rowSize', 1, given);
    const rowSize = sizeOf(rowShape);
    const [errors, dx] = [0, 1].map(() => Tensor.zeros(device, [batchSize, rowSize])) as [Tensor, Tensor];
    this.#x = this.#target = undefined;
    this.buffers = { device, rowShape, batchSize, errors, dx };
    return this;
  }

  /** Computes the loss. @returns the mean or the sum, as a float32; with the reduction 'none' the squared errors, of the shape of x */
  forward(x: Tensor, target: Tensor): LossValue<R> {
    is.checkCount('MSELoss.forward', arguments.length, 2);
    const { device, rowShape, batchSize, errors } = this.buffers;
    const { kernels } = device;
    checkBatch('MSELoss', x, rowShape, batchSize);
    is.check('MSELoss', 'target', target, floats);
    is.checkSameDevice('MSELoss', device, x);
    is.checkSameDevice('MSELoss', device, target);
    checkSameShape('MSELoss', 'target', x, target);
    const { size } = x;
    kernels.squaredError(size, x.pointer, target.pointer, errors.pointer);
    this.#x = x;
    this.#target = target;
    errors.shape[0] = x.shape[0] as number;
    if (this.reduction === 'none') return errors as LossValue<R>;
    const sum = kernels.wideSum(size, errors.pointer);
    return Math.fround(this.reduction === 'sum' ? sum : sum / size) as LossValue<R>;
  }

  /**
   * Returns the gradient of the last loss by x.
   * @param dy with the reduction 'none' only: the gradient of the squared errors
   * @throws TypeError before `forward`, without dy for the reduction 'none', or with dy for another
   */
  backward(dy?: Tensor): Tensor {
    is.checkCount('MSELoss.backward', arguments.length, 1);
    const { device, dx, errors } = this.buffers;
    const x = requireForwardFirst('MSELoss', 'forward', this.#x);
    const target = requireForwardFirst('MSELoss', 'forward', this.#target);
    this.checkGradient(errors, dy);
    dx.shape[0] = x.shape[0] as number;
    const scale = this.reduction === 'mean' ? 2 / x.size : 2;
    device.kernels.squaredErrorBackward(x.size, scale, x.pointer, target.pointer, dx.pointer);
    if (dy) device.kernels.mul(x.size, dx.pointer, dy.pointer, dx.pointer);
    return dx;
  }
}
