// Gradients kept within bounds, between `backward` and the optimizer's step.
import { check, checkCount, nonNegative, parametersLike, tensorOf } from '../core/check.ts';
import type { Parameter } from '../core/parameter.ts';
import { Tensor } from '../core/tensor.ts';

const floats = tensorOf('float32');

/**
 * Whose gradients: those of parameters, as `model.parameters()` gives them (keep the array: it is made anew at each call), or
 * one tensor, such as `model.grads`, the block of all.
 */
export type Gradients = Tensor | readonly Parameter[];

/**
 * g ← g · min(1, maxNorm / (‖g‖ + 10⁻⁶)), with ‖g‖ the Euclidean norm of all gradients as one vector (Pascanu et al. 2013, algorithm 1).
 * PyTorch: `clip_grad_norm_`. Squares are summed by the kernels tensor by tensor, and over the tensors in their order: a list
 * of parameters and the block of all may differ in the last bit. Allocates nothing. Parameters whose `requiresGrad` is false are
 * passed over.
 *
 * The norm neither overflows nor underflows: squares beyond the range of float32 are summed in float64.
 *
 * A gradient that is not finite makes the norm so, and every gradient 0 or NaN: look at what is returned.
 *
 * @returns ‖g‖ before
 * @throws RangeError where maxNorm is negative or not finite
 */
export function clipGradNorm(gradients: Gradients, maxNorm: number): number {
  checkCount('clipGradNorm', arguments.length, 2);
  check('clipGradNorm', 'gradients', gradients, gradients instanceof Tensor ? floats : parametersLike);
  check('clipGradNorm', 'maxNorm', maxNorm, nonNegative);
  let squares = gradients instanceof Tensor ? sumSquares(gradients) : sumSquaresOf(gradients, sumSquares);
  if (!(squares >= MIN_SQUARES && squares < Number.POSITIVE_INFINITY)) {
    squares = gradients instanceof Tensor ? wideSumSquares(gradients) : sumSquaresOf(gradients, wideSumSquares);
  }
  const norm = Math.sqrt(squares);
  const scale = maxNorm / (norm + 1e-6);
  // Only a scale of 1 or more leaves gradients alone; NaN must not.
  if (scale >= 1) return norm;
  const isSubnormal = scale < MIN_NORMAL;
  if (isSubnormal) multiplyAll(gradients, STEP);
  multiplyAll(gradients, isSubnormal ? scale / STEP : scale);
  return norm;
}

/** Below it squares may have become 0 in float32; so it is where the sum is infinite: then it is taken in float64. */
const MIN_SQUARES = 2 ** -100;
/** The least float32 of full precision: gradients are scaled by less in two steps, the first of which is exact. */
const MIN_NORMAL = 2 ** -126;
const STEP = 2 ** -64;

/**
 * Each gradient into [−clipValue, clipValue]; NaN stays. PyTorch: `clip_grad_value_`. Allocates nothing. Parameters whose
 * `requiresGrad` is false are passed over.
 * @throws RangeError where clipValue is negative or not finite
 */
export function clipGradValue(gradients: Gradients, clipValue: number): void {
  checkCount('clipGradValue', arguments.length, 2);
  check('clipGradValue', 'gradients', gradients, gradients instanceof Tensor ? floats : parametersLike);
  check('clipGradValue', 'clipValue', clipValue, nonNegative);
  if (gradients instanceof Tensor) clamp(gradients, clipValue);
  else for (const { requiresGrad, grad } of gradients) if (requiresGrad) clamp(grad, clipValue);
}

function sumSquaresOf(parameters: readonly Parameter[], squaresOf: (gradient: Tensor) => number): number {
  let sum = 0;
  for (const { requiresGrad, grad } of parameters) if (requiresGrad) sum += squaresOf(grad);
  return sum;
}

function sumSquares({ device, size, pointer }: Tensor): number {
  return device.kernels.sumSquares(size, pointer);
}

function wideSumSquares({ device, size, pointer }: Tensor): number {
  return device.kernels.wideSumSquares(size, pointer);
}

function multiplyAll(gradients: Gradients, scale: number): void {
  if (gradients instanceof Tensor) multiply(gradients, scale);
  else for (const { requiresGrad, grad } of gradients) if (requiresGrad) multiply(grad, scale);
}

function multiply({ device, size, pointer }: Tensor, scale: number): void {
  device.kernels.scale(size, scale, pointer, pointer);
}

function clamp({ device, size, pointer }: Tensor, bound: number): void {
  device.kernels.clamp(size, -bound, bound, pointer, pointer);
}
