// From pictures to rows.
import type { Device } from '@descent/kernels';
import { after, checkBatch, type Layer } from '../layer.ts';
import type { Parameter } from '../parameter.ts';
import { sizeOf, Tensor } from '../tensor.ts';

interface Plan {
  inputShape: readonly number[];
  batchSize: number;
}

/**
 * y (B, N) = x (B, …) with N the product of all dimensions but the first: the same memory under another shape, both ways.
 * Other layers take rows by their size alone: [784] goes into a layer laid out for [1, 28, 28] as it is.
 * Book: `x.reshape(N, -1)`.
 */
export class Flatten implements Layer {
  readonly name = 'Flatten';
  training = true;
  #plan: Plan | undefined;
  #outputShape: readonly number[] = [];
  #y: Tensor | undefined;
  #dx: Tensor | undefined;

  parameters(): Parameter[] {
    return [];
  }

  layOut(_device: Device, inputShape: readonly number[], batchSize: number): readonly number[] {
    this.#plan = { inputShape, batchSize };
    this.#outputShape = [sizeOf(inputShape)];
    return this.#outputShape;
  }

  initialise(): void {}

  forward(x: Tensor): Tensor {
    const { inputShape, batchSize } = after('Flatten', 'model.to(device, …)', this.#plan);
    checkBatch('Flatten', x, inputShape, batchSize);
    this.#y = view(this.#y, x, this.#outputShape);
    return this.#y;
  }

  backward(dy: Tensor): Tensor {
    const { inputShape } = after('Flatten', 'model.to(device, …)', this.#plan);
    this.#dx = view(this.#dx, dy, inputShape);
    return this.#dx;
  }
}

/** The last view again, unless the memory is another. */
function view(last: Tensor | undefined, x: Tensor, rowShape: readonly number[]): Tensor {
  const { pointer, device } = x;
  const rows = x.shape[0] as number;
  if (last?.pointer !== pointer) return new Tensor(device, 'float32', pointer, [rows, ...rowShape]);
  last.shape[0] = rows;
  return last;
}
