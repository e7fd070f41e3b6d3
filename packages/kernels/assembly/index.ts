// The exports of each build: every op of `src/ops.ts`.
export { batchNorm, batchNormBackward, inverseStd, moments, updateRunning } from './batch-norm';
export { channelBias, col2im, im2col, maxPool, maxPoolBackward, sumAxis1 } from './conv';
export { gatherBytes, gatherLabels, gatherRows } from './data';
export { dropoutMask } from './dropout';
export * from './elementwise';
export { gelu, geluBackward } from './gelu';
export { layerNorm, layerNormBackward } from './layer-norm';
export { softCrossEntropy, softCrossEntropyBackward, softmaxCrossEntropy, softmaxCrossEntropyBackward } from './loss';
export { addBias, addMatmulNT, linear, matmul, matmulNT, matmulTN, transpose } from './matmul';
export { adagrad, adam, adamw, amsgrad, momentum, nesterov, rmsprop, sgd } from './optim';
export { randomBits, randomIntegers, randomNormal, randomUniform } from './random';
export { swapAxes } from './recurrent';
export { argmaxRows, countEqual, firstNonFinite, max, sum, sumFloat64 as wideSum, sumAxis0, sumSquares, wideSumSquares } from './reduce';
export { compressBytes, compressColumns, compressRows, sparseLinear, sparseMatmul } from './sparse';
