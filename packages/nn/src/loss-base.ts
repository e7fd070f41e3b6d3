// The base class of losses: memory, reductions and the checks of arguments.
import type { Device } from '@descent/kernels';
import * as is from './core/check.ts';
import { sizeOf, type Tensor } from './core/tensor.ts';
import { requireForwardFirst } from './layers/layer.ts';
import type { Sequential } from './layers/sequential.ts';

/** How the losses of a batch are reduced to one number, or 'none'. */
export type Reduction = 'mean' | 'sum' | 'none';

/** The result of a loss's `forward`: a number, or with the reduction 'none' the tensor of the losses. */
export type LossValue<R extends Reduction> = R extends 'none' ? Tensor : number;

/** The rule of `Reduction`. */
export const reductionLike = is.choice('mean', 'sum', 'none');

/** The arguments of a loss's `allocate`. */
export type AllocateArguments = [model: Sequential] | [device: Device, size: number, batchSize: number];

/** The sizes that a loss is allocated for. */
export interface LossSizes {
  readonly device: Device;
  readonly rowShape: readonly number[];
  readonly batchSize: number;
}

/**
 * Returns the sizes that the arguments of `allocate` describe.
 * @param minSize minimum number of elements of a row
 * @throws TypeError or RangeError if the arguments are neither a model nor a device with sizes
 */
export function resolveSizes(who: string, name: string, minSize: number, given: AllocateArguments): LossSizes {
  const [target, size, batchSize] = given;
  const rowSize = is.integer(minSize, 2 ** 24);
  if (target !== undefined && 'layers' in Object(target)) {
    is.checkArguments(who, given, { model: is.having('outputShape', 'a model') });
    const { device, outputShape, batchSize: rows } = target as Sequential;
    rowSize(who, `${name}, the numbers of a row of output,`, sizeOf(outputShape));
    return { device, rowShape: outputShape, batchSize: rows };
  }
  const device = is.having('arena', 'a model, or a device followed by sizes,');
  is.checkArguments(who, given, { device, [name]: rowSize, batchSize: is.integer(1, 2 ** 20) });
  return { device: target as Device, rowShape: [size as number], batchSize: batchSize as number };
}

const floats = is.tensorOf('float32');

/** Base class of losses. `B` is the memory that `allocate` takes. */
export abstract class Loss<B extends LossSizes & { readonly dx: Tensor }> {
  /** The class, as in messages. */
  abstract readonly name: string;
  /** How the losses of a batch are reduced to one number. */
  readonly reduction: Reduction;
  #buffers: B | undefined;

  protected constructor(reduction: Reduction | undefined) {
    this.reduction = reduction ?? 'mean';
  }

  /** @throws TypeError before `allocate`, RangeError if the arena released the memory */
  protected get buffers(): B {
    const buffers = requireForwardFirst(this.name, 'allocate(model)', this.#buffers);
    is.check(this.name, 'its own tensors', buffers.dx, floats);
    return buffers;
  }

  protected set buffers(buffers: B) {
    this.#buffers = buffers;
  }

  /** @throws TypeError unless dy is given for the reduction 'none' only, RangeError if its shape differs from that of the losses */
  protected checkGradient(losses: Tensor, dy: Tensor | undefined): void {
    if (this.reduction === 'none') {
      is.check(this.name, 'the gradient of the losses', dy, floats);
      is.checkSameDevice(this.name, losses.device, dy as Tensor);
      checkSameShape(this.name, 'the gradient', losses, dy as Tensor);
    } else if (dy !== undefined) {
      throw new TypeError(
        `[${this.name}] expected no gradient, since the reduction is '${this.reduction}', but got ${is.describe(dy)}`,
      );
    }
  }
}

interface Shaped {
  readonly shape: readonly number[];
}

/** @throws RangeError unless two tensors have the same shape. Allocates nothing if they do */
export function checkSameShape(who: string, name: string, { shape }: Shaped, { shape: got }: Shaped): void {
  let isSame = shape.length === got.length;
  for (let axis = 0; isSame && axis < shape.length; axis++) isSame = shape[axis] === got[axis];
  if (isSame) return;
  throw new RangeError(`[${who}] expected ${name} of the shape [${shape.join(', ')}] but got [${got.join(', ')}]`);
}
