// The targets of cross-entropy: the weight of −log p of each class in each row, from labels or from probabilities.
import type { Device } from '@descent/kernels';
import { Tensor } from './core/tensor.ts';

/** The bits of ∞ and −0 as float32. The code below copies and compares floats as whole numbers, without arithmetic. */
const INFINITY_BITS = 0x7f800000;
const MINUS_ZERO_BITS = -(2 ** 31);

/** Options of `CrossEntropyLoss` that change the targets, checked. */
export interface TargetSettings {
  readonly weight: Float32Array | undefined;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
}

/** The targets of a batch: ((1 − ε) · target + ε/C) · class weight. */
export class ClassTargets {
  /** (B, C). The row of an ignored label is all zero. */
  readonly values: Tensor;
  /** (B): the weight of each row in a mean: that of its label, 0 if it is ignored, 1 for probabilities. */
  readonly rowWeights: Tensor;
  /** Whether there are neither class weights nor label smoothing. */
  readonly isPlain: boolean;
  readonly #ignoreIndex: number;
  /** (C): the class weights w. */
  readonly #weight: Tensor;
  /** (C): w · (1 − ε). */
  readonly #scaled: Tensor;
  /** (C): w · ε/C, the target of a class that is not the label. */
  readonly #off: Tensor;
  /** (C): the sum of both, the target of the label. */
  readonly #on: Tensor;

  constructor(device: Device, classes: number, batchSize: number, settings: TargetSettings) {
    const { weight = new Float32Array(classes).fill(1), ignoreIndex, labelSmoothing } = settings;
    if (weight.length !== classes) {
      const wanted = `[CrossEntropyLoss] expected weight to have a number for each of ${classes} classes`;
      throw new RangeError(`${wanted} but got ${weight.length}`);
    }
    const perClass = () => Tensor.zeros(device, [classes]);
    this.isPlain = settings.weight === undefined && labelSmoothing === 0;
    this.#ignoreIndex = ignoreIndex;
    this.values = Tensor.zeros(device, [batchSize, classes]);
    this.rowWeights = Tensor.zeros(device, [batchSize]);
    this.#weight = Tensor.from(device, weight, [classes]);
    this.#scaled = perClass();
    this.#off = perClass();
    this.#on = perClass();
    const { kernels } = device;
    kernels.scale(classes, 1 - labelSmoothing, this.#weight.pointer, this.#scaled.pointer);
    kernels.scale(classes, labelSmoothing / classes, this.#weight.pointer, this.#off.pointer);
    kernels.add(classes, this.#scaled.pointer, this.#off.pointer, this.#on.pointer);
  }

  /**
   * Checks the labels, because kernels would read beyond a row, and writes `rowWeights`.
   * @param isPlain whether `values` are needed only if a row is ignored
   * @returns the number of ignored rows
   * @throws RangeError if a label is neither a class nor `ignoreIndex`
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
      else device.kernels.copy(classes, this.#off.pointer, row);
      if (!isIgnored) memory[row / 4 + label] = memory[this.#on.pointer / 4 + label] as number;
    }
    return isPlain && ignored > 0 ? this.fromLabels(labels, false) : ignored;
  }

  /** Writes `values` and `rowWeights` from probabilities (B, C). @throws RangeError if one is negative or not finite */
  fromProbabilities(targets: Tensor): void {
    const memory = this.#weight.device.arena.views.i32;
    const { kernels } = targets.device;
    const { size: classes, pointer: off } = this.#off;
    const { pointer } = this.values;
    const rows = targets.shape[0] as number;
    for (let i = 0; i < targets.size; i++) {
      const bits = memory[targets.pointer / 4 + i] as number;
      if (bits < INFINITY_BITS && (bits >= 0 || bits === MINUS_ZERO_BITS)) continue;
      const wanted = '[CrossEntropyLoss] expected probabilities of 0 or more';
      throw new RangeError(`${wanted} but got ${targets.data[i]} at row ${Math.floor(i / classes)}`);
    }
    for (let at = 0; at < 4 * targets.size; at += 4 * classes) {
      kernels.mul(classes, targets.pointer + at, this.#scaled.pointer, pointer + at);
    }
    kernels.addBias(rows, classes, pointer, off, pointer);
    kernels.fill(rows, 1, this.rowWeights.pointer);
  }
}
