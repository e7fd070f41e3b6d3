// What cross-entropy compares with: how much −log p of each class counts in each row, from labels or from probabilities.
import type { Device } from '@descent/kernels';
import { Tensor } from './core/tensor.ts';

/** ∞ and −0 as the bits of a float32: whole numbers are all that JavaScript moves here. */
const INFINITE = 0x7f800000;
const MINUS_ZERO = -(2 ** 31);

/** What a caller chooses, checked. */
export interface TargetSettings {
  readonly weight: Float32Array | undefined;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
}

/** The targets of a batch: (1 − ε) of what was given plus ε/C of every class, times the weights of the classes. */
export class ClassTargets {
  /** (B, C). A row that is skipped is all zero. */
  readonly values: Tensor;
  /** (B): what each row counts in a mean: the weight of its label, 0 where it is skipped, 1 where it has probabilities. */
  readonly rowWeights: Tensor;
  /** Whether classes count alike, and what is not the label counts nothing. */
  readonly isPlain: boolean;
  readonly #ignoreIndex: number;
  // (C) each: the weights; what a label comes to beside `share`; the part of every class; the two together.
  readonly #weight: Tensor;
  readonly #own: Tensor;
  readonly #share: Tensor;
  readonly #hot: Tensor;

  constructor(device: Device, classes: number, batchSize: number, settings: TargetSettings) {
    const { weight = new Float32Array(classes).fill(1), ignoreIndex, labelSmoothing } = settings;
    if (weight.length !== classes) {
      const wanted = `[CrossEntropyLoss] expected weight to have a number for each of ${classes} classes`;
      throw new RangeError(`${wanted} but got ${weight.length}`);
    }
    this.isPlain = settings.weight === undefined && labelSmoothing === 0;
    this.#ignoreIndex = ignoreIndex;
    this.values = Tensor.zeros(device, [batchSize, classes]);
    this.rowWeights = Tensor.zeros(device, [batchSize]);
    this.#weight = Tensor.from(device, weight, [classes]);
    [this.#own, this.#share, this.#hot] = [1, 2, 3].map(() => Tensor.zeros(device, [classes])) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const { kernels } = device;
    kernels.scale(classes, 1 - labelSmoothing, this.#weight.pointer, this.#own.pointer);
    kernels.scale(classes, labelSmoothing / classes, this.#weight.pointer, this.#share.pointer);
    kernels.add(classes, this.#own.pointer, this.#share.pointer, this.#hot.pointer);
  }

  /**
   * Checks the labels, since kernels would read beyond a row, and writes `rowWeights`.
   * @param isPlain whether `values` are needed only where a row is skipped
   * @returns how many rows are skipped
   * @throws RangeError where a label is neither a class nor `ignoreIndex`
   */
  fromLabels(labels: Tensor<'int32'>, isPlain: boolean): number {
    const memory = this.#weight.device.arena.views.i32;
    const { size: classes, device, pointer: weight } = this.#weight;
    const first = labels.pointer / 4;
    let row = this.values.pointer;
    let ignored = 0;
    for (let i = 0; i < labels.size; i++, row += 4 * classes) {
      const label = memory[first + i] as number;
      const isIgnored = label === this.#ignoreIndex;
      if (isIgnored) ignored++;
      else if (!(label >= 0 && label < classes)) {
        const wanted = `[CrossEntropyLoss] expected labels from 0 to ${classes - 1}`;
        throw new RangeError(
          `${wanted} but got ${label} at row ${i}; rows of ${this.#ignoreIndex} (ignoreIndex) are skipped`,
        );
      }
      memory[this.rowWeights.pointer / 4 + i] = isIgnored ? 0 : (memory[weight / 4 + label] as number);
      if (isPlain) continue;
      if (isIgnored) device.kernels.fill(classes, 0, row);
      else device.kernels.copy(classes, this.#share.pointer, row);
      if (!isIgnored) memory[row / 4 + label] = memory[this.#hot.pointer / 4 + label] as number;
    }
    return isPlain && ignored > 0 ? this.fromLabels(labels, false) : ignored;
  }

  /** Writes both for probabilities (B, C). @throws RangeError where one is negative or not finite */
  fromProbabilities(targets: Tensor): void {
    const memory = this.#weight.device.arena.views.i32;
    const { kernels } = targets.device;
    const { size: classes, pointer: share } = this.#share;
    const { pointer } = this.values;
    const rows = targets.shape[0] as number;
    for (let i = 0; i < targets.size; i++) {
      const bits = memory[targets.pointer / 4 + i] as number;
      if (bits < INFINITE && (bits >= 0 || bits === MINUS_ZERO)) continue;
      const wanted = '[CrossEntropyLoss] expected probabilities of 0 or more';
      throw new RangeError(`${wanted} but got ${targets.data[i]} at row ${Math.floor(i / classes)}`);
    }
    for (let at = 0; at < 4 * targets.size; at += 4 * classes) {
      kernels.mul(classes, targets.pointer + at, this.#own.pointer, pointer + at);
    }
    kernels.addBias(rows, classes, pointer, share, pointer);
    kernels.fill(rows, 1, this.rowWeights.pointer);
  }
}
