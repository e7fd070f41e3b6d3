// From images to rows.
import { checkArguments } from '../core/check.ts';
import { sizeOf, Tensor } from '../core/tensor.ts';
import { type Allocation, BaseLayer } from './layer.ts';

/**
 * y (B, N) = x (B, …) with N the product of all dimensions but the first: the same memory with another shape, in both
 * passes. Other layers do not need it for their input, because they check only the size of a row: a layer for
 * [1, 28, 28] accepts [784]. Book: `x.reshape(N, -1)`.
 */
export class Flatten extends BaseLayer {
  readonly name = 'Flatten';
  #inputShape: readonly number[] = [];
  #outputShape: readonly number[] = [];
  #y: Tensor | undefined;
  #dx: Tensor | undefined;

  constructor() {
    super();
    checkArguments('Flatten', arguments, {});
  }

  protected allocateBuffers({ inputShape }: Allocation): readonly number[] {
    this.#inputShape = inputShape;
    this.#outputShape = [sizeOf(inputShape)];
    return this.#outputShape;
  }

  protected computeOutput(x: Tensor): Tensor {
    this.#y = reshape(this.#y, x, this.#outputShape);
    return this.#y;
  }

  protected computeGradients(dy: Tensor): Tensor {
    this.#dx = reshape(this.#dx, dy, this.#inputShape);
    return this.#dx;
  }
}

/** Returns the same memory with another row shape: the last view if it has that memory, otherwise a new one. */
function reshape(last: Tensor | undefined, { pointer, device, shape }: Tensor, rowShape: readonly number[]): Tensor {
  const rows = shape[0] as number;
  if (last?.pointer !== pointer) return new Tensor(device, 'float32', pointer, [rows, ...rowShape]);
  last.shape[0] = rows;
  return last;
}
