// Losses: a batch of predictions and what they should have been → one number to descend, and its gradient.
import type { Device, Kernels } from '@descent/kernels';
import { checkInteger, checkKind, describe } from './check.ts';
import { after, checkBatch, checkHome } from './layer.ts';
import type { Sequential } from './layers/sequential.ts';
import { sizeOf, Tensor } from './tensor.ts';

interface CrossEntropyPlan {
  device: Device;
  kernels: Kernels;
  rowShape: readonly [number];
  batchSize: number;
  probabilities: Tensor;
  losses: Tensor;
  dx: Tensor;
}

/**
 * L = mean over the batch of −log softmax(x)[label]. Backward: dx = (softmax(x) − oneHot(label)) / B.
 * Logits (B, C), labels (B) in [0, C). Book: SoftmaxWithLoss, section 5.6.3.
 */
export class CrossEntropyLoss {
  #plan: CrossEntropyPlan | undefined;
  #labels: Tensor<'int32'> | undefined;
  readonly #seen: { memory?: Int32Array } = {};

  /** Takes memory for what a model puts out. @throws TypeError before the model's `to` */
  layOut(model: Sequential): this;
  /** Takes memory for up to `batchSize` rows of logits. @throws RangeError where a size is not a whole number of 1 or more */
  layOut(device: Device, classes: number, batchSize: number): this;
  layOut(...told: Told): this {
    const [device, classes, batchSize] = sizesOf('CrossEntropyLoss', 'classes', told);
    this.#plan = {
      device,
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

  /**
   * @returns the mean, in nats, as a float32
   * @throws RangeError where shapes do not match or a label is no class, TypeError where a type does not match
   */
  forward(logits: Tensor, labels: Tensor<'int32'>): number {
    const { device, kernels, rowShape, batchSize, probabilities, losses, dx } = this.#laidOut;
    checkBatch('CrossEntropyLoss', logits, rowShape, batchSize);
    checkLabels('CrossEntropyLoss', logits, labels);
    checkHome('CrossEntropyLoss', device, logits);
    checkHome('CrossEntropyLoss', device, labels);
    checkClasses(labels, rowShape[0], this.#seen);
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
    return after('CrossEntropyLoss', 'layOut(model)', this.#plan);
  }
}

/**
 * The kernels would read beyond a row.
 * @param seen all of the memory, kept from step to step: a step allocates nothing
 * @throws RangeError where a label is no class
 */
function checkClasses(labels: Tensor<'int32'>, classes: number, seen: { memory?: Int32Array }): void {
  const { buffer } = labels.device.arena.memory;
  if (seen.memory?.buffer !== buffer) seen.memory = new Int32Array(buffer);
  const first = labels.pointer / 4;
  for (let row = 0; row < labels.size; row++) {
    const label = seen.memory[first + row] as number;
    if (label >= 0 && label < classes) continue;
    throw new RangeError(`[CrossEntropyLoss] expected labels from 0 to ${classes - 1} but got ${label} at row ${row}`);
  }
}

type Told = [model: Sequential] | [device: Device, size: number, batchSize: number];

/** What a loss is laid out for. */
function sizesOf(who: string, name: string, told: Told): [device: Device, size: number, batchSize: number] {
  const [of, size, batchSize] = told;
  if (of !== undefined && 'layers' in Object(of)) {
    const { device, outputShape, batchSize: rows } = of as Sequential;
    return [device, sizeOf(outputShape), rows];
  }
  checkKind(who, of, 'arena', 'a model, or a device with sizes,');
  checkInteger(who, name, size as number, 1, 2 ** 24);
  checkInteger(who, 'batchSize', batchSize as number, 1, 2 ** 20);
  return [of as Device, size as number, batchSize as number];
}

/** @throws RangeError unless there is a label for every row, TypeError unless they are int32 */
export function checkLabels(who: string, logits: Tensor, labels: Tensor<'int32'>): void {
  if (labels?.dtype !== 'int32') {
    const got = labels?.dtype === undefined ? describe(labels) : `a tensor of ${labels.dtype}`;
    throw new TypeError(
      `[${who}] expected labels in a tensor of int32 but got ${got}; Tensor.from(device, labels, [${logits.shape[0]}], 'int32')`,
    );
  }
  if (labels.size === logits.shape[0]) return;
  throw new RangeError(
    `[${who}] expected a label for each of ${logits.shape[0]} rows but got ${labels.size}; a label is the number of a class`,
  );
}

interface SquaredErrorPlan {
  device: Device;
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

  /** Takes memory for what a model puts out. @throws TypeError before the model's `to` */
  layOut(model: Sequential): this;
  /** Takes memory for up to `batchSize` rows of `rowSize` elements. @throws RangeError where a size is not a whole number of 1 or more */
  layOut(device: Device, rowSize: number, batchSize: number): this;
  layOut(...told: Told): this {
    const [device, rowSize, batchSize] = sizesOf('MSELoss', 'rowSize', told);
    const shape = [batchSize, rowSize];
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

  /** @returns the mean, as a float32 */
  forward(x: Tensor, target: Tensor): number {
    const { device, kernels, rowShape, batchSize, errors } = after('MSELoss', 'layOut(model)', this.#plan);
    checkBatch('MSELoss', x, rowShape, batchSize);
    checkKind('MSELoss', target, 'pointer', 'a target in a tensor');
    checkHome('MSELoss', device, x);
    checkHome('MSELoss', device, target);
    const size = x.size;
    if (target.size !== size) {
      throw new RangeError(
        `[MSELoss] expected a target of ${size} elements, as x of [${x.shape.join(', ')}], but got ${target.size}`,
      );
    }
    kernels.squaredError(size, x.pointer, target.pointer, errors.pointer);
    this.#x = x;
    this.#target = target;
    return Math.fround(kernels.sum(size, errors.pointer) / size);
  }

  /** The gradient of the last loss by x. @throws TypeError before `forward` */
  backward(): Tensor {
    const { kernels, dx } = after('MSELoss', 'layOut(model)', this.#plan);
    const x = after('MSELoss', 'forward', this.#x);
    const target = after('MSELoss', 'forward', this.#target);
    dx.shape[0] = x.shape[0] as number;
    kernels.squaredErrorBackward(x.size, 2 / x.size, x.pointer, target.pointer, dx.pointer);
    return dx;
  }
}
