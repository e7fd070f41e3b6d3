// What losses have in common: what they are laid out for, and how the losses of a batch become one number.
import type { Device } from '@descent/kernels';
import { checkInteger, checkKind, checkSameDevice, choice, describe, tensorOf } from './check.ts';
import type { Sequential } from './layers/sequential.ts';
import { sizeOf, type Tensor } from './tensor.ts';

/** How the losses of a batch become one number, or stay one each. */
export type Reduction = 'mean' | 'sum' | 'none';

/** What a loss's `forward` returns: a number, or with the reduction 'none' the tensor of the losses. */
export type LossValue<R extends Reduction> = R extends 'none' ? Tensor : number;

/** The three. */
export const reductions = choice('mean', 'sum', 'none');

/** The arguments of `layOut`. */
export type Told = [model: Sequential] | [device: Device, size: number, batchSize: number];

/** What a loss is laid out for. @throws TypeError or RangeError where it is no model and no sizes */
export function sizesOf(who: string, name: string, told: Told): [device: Device, size: number, batchSize: number] {
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
  if (dy?.size === losses.size) return;
  throw new RangeError(`[${who}] expected a gradient of ${losses.size} elements, as the losses, but got ${dy?.size}`);
}
