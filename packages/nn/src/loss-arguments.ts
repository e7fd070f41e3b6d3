// What losses have in common: what they are laid out for, and how the losses of a batch become one number.
import type { Device } from '@descent/kernels';
import { checkArguments, checkSameDevice, choice, describe, having, integer, tensorOf } from './core/check.ts';
import { sizeOf, type Tensor } from './core/tensor.ts';
import type { Sequential } from './layers/sequential.ts';

/** How the losses of a batch become one number, or stay one each. */
export type Reduction = 'mean' | 'sum' | 'none';

/** What a loss's `forward` returns: a number, or with the reduction 'none' the tensor of the losses. */
export type LossValue<R extends Reduction> = R extends 'none' ? Tensor : number;

/** The three. */
export const reductions = choice('mean', 'sum', 'none');

/** The arguments of `allocate`. */
export type Told = [model: Sequential] | [device: Device, size: number, batchSize: number];

/**
 * What a loss is laid out for: the shape of a row, and how many rows at most.
 * @param least the fewest numbers of a row
 * @throws TypeError or RangeError where it is no model and no sizes
 */
export function sizesOf(
  who: string,
  name: string,
  least: number,
  told: Told,
): [device: Device, rowShape: readonly number[], batchSize: number] {
  const [of, size, batchSize] = told;
  const length = integer(least, 2 ** 24);
  if (of !== undefined && 'layers' in Object(of)) {
    checkArguments(who, told, { model: having('outputShape', 'a model') });
    const { device, outputShape, batchSize: rows } = of as Sequential;
    length(who, `${name}, the numbers of a row of output,`, sizeOf(outputShape));
    return [device, outputShape, rows];
  }
  const device = having('arena', 'a model, or a device followed by sizes,');
  checkArguments(who, told, { device, [name]: length, batchSize: integer(1, 2 ** 20) });
  return [of as Device, [size as number], batchSize as number];
}

const gradient = tensorOf('float32');

/** @throws TypeError unless there is a gradient of the losses exactly where nothing reduces them; RangeError where its size differs */
export function checkGradient(who: string, reduction: Reduction, losses: Tensor, dy: Tensor | undefined): void {
  if (reduction !== 'none') {
    if (dy === undefined) return;
    throw new TypeError(
      `[${who}] expected no gradient, since the reduction is '${reduction}', but got ${describe(dy)}`,
    );
  }
  gradient(who, 'the gradient of the losses', dy);
  checkSameDevice(who, losses.device, dy as Tensor);
  checkSameShape(who, 'the gradient', losses, dy as Tensor);
}

interface Shaped {
  readonly shape: readonly number[];
}

/** @throws RangeError unless a tensor has the shape of another; allocates nothing where it has */
export function checkSameShape(who: string, name: string, { shape }: Shaped, { shape: got }: Shaped): void {
  let isSame = shape.length === got.length;
  for (let axis = 0; isSame && axis < shape.length; axis++) isSame = shape[axis] === got[axis];
  if (isSame) return;
  throw new RangeError(`[${who}] expected ${name} of the shape [${shape.join(', ')}] but got [${got.join(', ')}]`);
}
