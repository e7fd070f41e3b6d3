// The exports of each build: every op of `src/ops.ts`.
export { batchNorm, batchNormBackward, inverseStd, moments, updateRunning } from './batch-norm';
export { channelBias, col2im, im2col, maxPool, maxPoolBackward, sumAxis1 } from './conv';
export * from './elementwise';
export { gelu, geluBackward } from './gelu';
export { layerNorm, layerNormBackward } from './layer-norm';
export { gatherBytes, gatherLabels, gatherRows, swapAxes, transpose } from './layout';
export { softCrossEntropy, softCrossEntropyBackward, softmaxCrossEntropy, softmaxCrossEntropyBackward } from './loss';
export { addBias, addMatmulNT, linear, matmul, matmulNT, matmulTN } from './matmul';
export { adagrad, adam, adamw, amsgrad, momentum, nesterov, rmsprop, sgd } from './optim';
export { dropoutMask, randomBits, randomIntegers, randomNormal, randomUniform } from './random';
export {
  argmaxRows, countEqual, firstNonFinite, max, sum, sumAxis0, sumSquares, wideSum, wideSumSquares,
} from './reduce';
export { compressBytes, compressColumns, compressRows, sparseLinear, sparseMatmul } from './sparse';
