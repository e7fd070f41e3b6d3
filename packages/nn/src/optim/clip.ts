// Gradient clipping, between `backward` and the optimizer's step.
import { check, checkCount, nonNegative, parametersLike, tensorOf } from '../core/check.ts';
import type { Parameter } from '../core/parameter.ts';
import { Tensor } from '../core/tensor.ts';

/**
 * The gradients of parameters, as `model.parameters()` returns them (reuse the array: each call makes a new one), or one tensor,
 * such as `model.grads`, the block of all gradients.
 */
export type Gradients = Tensor | readonly Parameter[];

const floats = tensorOf('float32');

/** Below it, and if it is infinite, the sum of squares is computed again in float64: float32 may have underflowed. */
const MIN_SQUARES = 2 ** -100;
/** The least normal float32. Gradients are multiplied by a smaller scale in two steps, the first of which is exact. */
const MIN_NORMAL = 2 ** -126;
const EXACT_STEP = 2 ** -64;

/**
 * g ← g · min(1, maxNorm / (‖g‖ + 10⁻⁶)), with ‖g‖ the Euclidean norm of all gradients as one vector (Pascanu et al. 2013,
 * algorithm 1). PyTorch: `clip_grad_norm_`. Kernels sum the squares tensor by tensor, so a list of parameters and the block of
 * all gradients may differ in the last bit. Allocates nothing. Skips parameters whose `requiresGrad` is false.
 *
 * The norm neither overflows nor underflows: squares beyond the range of float32 are summed in float64.
 *
 * If a gradient is not finite, the returned norm is not finite either, and every gradient becomes 0 or NaN.
 *
 * @returns ‖g‖ before clipping
 * @throws RangeError if maxNorm is negative or not finite
 */
export function clipGradNorm(gradients: Gradients, maxNorm: number): number {
  checkClip('clipGradNorm', gradients, 'maxNorm', maxNorm, arguments.length);
  let squares = sumOver(gradients, sumSquares);
  if (!(squares >= MIN_SQUARES && squares < Number.POSITIVE_INFINITY)) squares = sumOver(gradients, wideSumSquares);
  const norm = Math.sqrt(squares);
  const scale = maxNorm / (norm + 1e-6);
  // A scale of NaN must change the gradients.
  if (scale >= 1) return norm;
  if (scale < MIN_NORMAL) forEachGradient(gradients, multiply, EXACT_STEP);
  forEachGradient(gradients, multiply, scale < MIN_NORMAL ? scale / EXACT_STEP : scale);
  return norm;
}

/**
 * Clips each element of the gradients to [−clipValue, clipValue]; NaN stays. PyTorch: `clip_grad_value_`. Allocates nothing.
 * Skips parameters whose `requiresGrad` is false.
 * @throws RangeError if clipValue is negative or not finite
 */
export function clipGradValue(gradients: Gradients, clipValue: number): void {
  checkClip('clipGradValue', gradients, 'clipValue', clipValue, arguments.length);
  forEachGradient(gradients, clamp, clipValue);
}

function checkClip(who: string, gradients: Gradients, name: string, bound: number, count: number): void {
  checkCount(who, count, 2);
  check(who, 'gradients', gradients, gradients instanceof Tensor ? floats : parametersLike);
  check(who, name, bound, nonNegative);
}

// Functions instead of closures, which would allocate in each step.
const sumSquares = ({ device, size, pointer }: Tensor) => device.kernels.sumSquares(size, pointer);
const wideSumSquares = ({ device, size, pointer }: Tensor) => device.kernels.wideSumSquares(size, pointer);

function multiply({ device, size, pointer }: Tensor, scale: number): void {
  device.kernels.scale(size, scale, pointer, pointer);
}

function clamp({ device, size, pointer }: Tensor, bound: number): void {
  device.kernels.clamp(size, -bound, bound, pointer, pointer);
}

function sumOver(gradients: Gradients, term: (gradient: Tensor) => number): number {
  if (gradients instanceof Tensor) return term(gradients);
  let sum = 0;
  for (const { requiresGrad, grad } of gradients) if (requiresGrad) sum += term(grad);
  return sum;
}

function forEachGradient(gradients: Gradients, act: (gradient: Tensor, by: number) => void, by: number): void {
  if (gradients instanceof Tensor) act(gradients, by);
  else for (const { requiresGrad, grad } of gradients) if (requiresGrad) act(grad, by);
}
