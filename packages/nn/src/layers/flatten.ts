// From pictures to rows.
import type { Device } from '@descent/kernels';
import { checkArguments } from '../core/check.ts';
import { sizeOf, Tensor } from '../core/tensor.ts';
import { BaseLayer } from './layer.ts';

/**
 * y (B, N) = x (B, …) with N the product of all dimensions but the first: the same memory under another shape, both ways.
 * Other layers take rows by their size alone: [784] goes into a layer laid out for [1, 28, 28] as it is.
 * Book: `x.reshape(N, -1)`.
 */
export class Flatten extends BaseLayer {
  /** Name of the kind of layer, as in messages. */
  readonly name = 'Flatten';
  #inputShape: readonly number[] = [];
  #outputShape: readonly number[] = [];
  #y: Tensor | undefined;
  #dx: Tensor | undefined;

  constructor() {
    super();
    checkArguments('Flatten', arguments, {});
  }

  protected allocateBuffers(_device: Device, inputShape: readonly number[]): readonly number[] {
    this.#inputShape = inputShape;
    this.#outputShape = [sizeOf(inputShape)];
    return this.#outputShape;
  }

  protected computeOutput(x: Tensor): Tensor {
    this.#y = view(this.#y, x, this.#outputShape);
    return this.#y;
  }

  protected computeGradients(dy: Tensor): Tensor {
    this.#dx = view(this.#dx, dy, this.#inputShape);
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
