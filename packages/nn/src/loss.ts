// Losses: a batch of predictions and what they should have been → one number to descend, and its gradient.
import type { Device, Kernels } from '@descent/kernels';
import { checkInteger } from './check.ts';
import { after, checkBatch } from './layer.ts';
import { Tensor } from './tensor.ts';

interface CrossEntropyPlan {
  kernels: Kernels;
  rowShape: readonly [number];
  batchSize: number;
  probabilities: Tensor;
  losses: Tensor;
  dx: Tensor;
}

/**
 * L = mean over the batch of −log softmax(x)[label]. Backward: dx = (softmax(x) − oneHot(label)) / B.
 * Logits (B, C), labels (B) in [0, C): the data set has checked them. Book: SoftmaxWithLoss, section 5.6.3.
 */
export class CrossEntropyLoss {
  #plan: CrossEntropyPlan | undefined;
  #labels: Tensor<'int32'> | undefined;

  /** Takes memory for up to `batchSize` rows of logits. @throws RangeError where a size is not a whole number of 1 or more */
  layOut(device: Device, classes: number, batchSize: number): this {
    checkInteger('CrossEntropyLoss', 'classes', classes, 1, 2 ** 24);
    checkInteger('CrossEntropyLoss', 'batchSize', batchSize, 1, 2 ** 20);
    this.#plan = {
      kernels: device.kernels,
      rowShape: [classes],
      batchSize,
      probabilities: Tensor.zeros(device, [batchSize, classes]),
      losses: Tensor.zeros(device, [batchSize]),
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

  /** The last batch's loss of each row (B). */
  get losses(): Tensor {
    return this.#laidOut.losses;
  }

  /** @returns the mean, in nats, as a float32 */
  forward(logits: Tensor, labels: Tensor<'int32'>): number {
    const { kernels, rowShape, batchSize, probabilities, losses, dx } = this.#laidOut;
    checkBatch('CrossEntropyLoss', logits, rowShape, batchSize);
    checkLabels('CrossEntropyLoss', logits, labels);
    const rows = logits.shape[0] as number;
    probabilities.shape[0] = losses.shape[0] = dx.shape[0] = rows;
    kernels.softmaxCrossEntropy(
      rows,
      rowShape[0],
      logits.pointer,
      labels.pointer,
      probabilities.pointer,
      losses.pointer,
    );
    this.#labels = labels;
    return Math.fround(kernels.sum(rows, losses.pointer) / rows);
  }

  /** The gradient of the last loss by its logits (B, C). @throws TypeError before `forward` */
  backward(): Tensor {
    const { kernels, rowShape, probabilities, dx } = this.#laidOut;
    const labels = after('CrossEntropyLoss', 'forward', this.#labels);
    kernels.softmaxCrossEntropyBackward(
      dx.shape[0] as number,
      rowShape[0],
      probabilities.pointer,
      labels.pointer,
      dx.pointer,
    );
    return dx;
  }

  get #laidOut(): CrossEntropyPlan {
    return after('CrossEntropyLoss', 'layOut', this.#plan);
  }
}

/** @throws RangeError unless there is a label for every row */
export function checkLabels(who: string, logits: Tensor, labels: Tensor<'int32'>): void {
  if (labels.size === logits.shape[0]) return;
  throw new RangeError(`[${who}] expected a label for each of ${logits.shape[0]} rows but got ${labels.size}`);
}

interface SquaredErrorPlan {
  kernels: Kernels;
  rowShape: readonly [number];
  batchSize: number;
  errors: Tensor;
  dx: Tensor;
}

/**
 * L = mean over all elements of (x − target)². Backward: dx = 2 (x − target) / size.
 * Book: sum_squared_error is ½ Σ (x − target)², section 4.2.1.
 */
export class MSELoss {
  #plan: SquaredErrorPlan | undefined;
  #x: Tensor | undefined;
  #target: Tensor | undefined;

  /** Takes memory for up to `batchSize` rows of `rowSize` elements. @throws RangeError where a size is not a whole number of 1 or more */
  layOut(device: Device, rowSize: number, batchSize: number): this {
    checkInteger('MSELoss', 'rowSize', rowSize, 1, 2 ** 24);
    checkInteger('MSELoss', 'batchSize', batchSize, 1, 2 ** 20);
    const shape = [batchSize, rowSize];
    const errors = Tensor.zeros(device, shape);
    this.#plan = { kernels: device.kernels, rowShape: [rowSize], batchSize, errors, dx: Tensor.zeros(device, shape) };
    return this;
  }

  /** @returns the mean, as a float32 */
  forward(x: Tensor, target: Tensor): number {
    const { kernels, rowShape, batchSize, errors } = after('MSELoss', 'layOut', this.#plan);
    checkBatch('MSELoss', x, rowShape, batchSize);
    const size = x.size;
    if (target.size !== size) {
      throw new RangeError(`[MSELoss] expected a target of ${size} elements but got ${target.size}`);
    }
    kernels.squaredError(size, x.pointer, target.pointer, errors.pointer);
    this.#x = x;
    this.#target = target;
    return Math.fround(kernels.sum(size, errors.pointer) / size);
  }

  /** The gradient of the last loss by x. @throws TypeError before `forward` */
  backward(): Tensor {
    const { kernels, dx } = after('MSELoss', 'layOut', this.#plan);
    const x = after('MSELoss', 'forward', this.#x);
    const target = after('MSELoss', 'forward', this.#target);
    dx.shape[0] = x.shape[0] as number;
    kernels.squaredErrorBackward(x.size, 2 / x.size, x.pointer, target.pointer, dx.pointer);
    return dx;
  }
}
