// Tensors, layers, losses, initializers, optimizers and data, with PyTorch's semantics, on the kernels of @descent/kernels.
export type { Device, DeviceOptions, Gunzip, Kernels, Pointer, Variant, VariantInfo } from '@descent/kernels';
export { Arena, availableVariants, exact, loadDevice, MemoryError, variants } from '@descent/kernels';
export type { InitContext, Initializer } from './core/init.ts';
export {
  constant,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  normal,
  ones,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
} from './core/init.ts';
export type { ParameterBlock, ParameterOptions } from './core/parameter.ts';
export {
  allocateBuffers,
  allocateParameters,
  Buffer,
  Parameter,
} from './core/parameter.ts';
export type { Address, StreamKind } from './core/random.ts';
export { Rng, Streams, streamOf, streams } from './core/random.ts';
export type { StateDict, StateTensor } from './core/state-dict.ts';
export type { DType, DTypeArrays, NestedArray } from './core/tensor.ts';
export { Tensor } from './core/tensor.ts';
export { DataError } from './data/data-error.ts';
export type { Batch, DataLoaderOptions, Sampler, TensorDatasetOptions } from './data/dataset.ts';
export { DataLoader, TensorDataset } from './data/dataset.ts';
export type { EarlyStoppingOptions, EarlyStoppingState } from './early-stopping.ts';
export { EarlyStopping } from './early-stopping.ts';
export type { ActivationName, GELUOptions } from './layers/activation.ts';
export { Activation, activationNames, activations } from './layers/activation.ts';
export type { BatchNormOptions } from './layers/batch-norm.ts';
export type { Conv2dOptions } from './layers/conv.ts';
export type { DropoutOptions } from './layers/dropout.ts';
export * from './layers/index.ts';
export type { Layer } from './layers/layer.ts';
export type { LayerNormOptions } from './layers/layer-norm.ts';
export type { LinearOptions } from './layers/linear.ts';
export type { NormOptions } from './layers/norm-layer.ts';
export type { MaxPool2dOptions } from './layers/pool.ts';
export type { RNNOptions } from './layers/rnn.ts';
export type { PlacementOptions } from './layers/sequential.ts';
export type { WeightOptions } from './layers/weighted-layer.ts';
export type { CrossEntropyLossOptions, MSELossOptions } from './loss.ts';
export { CrossEntropyLoss, MSELoss } from './loss.ts';
export type { LossValue, Reduction } from './loss-base.ts';
export type { Evaluation } from './metrics.ts';
export { accuracy, evaluate } from './metrics.ts';
export type { AdagradOptions, RMSpropOptions } from './optim/adagrad.ts';
export type { AdamOptions } from './optim/adam.ts';
export type { Gradients } from './optim/clip.ts';
export { clipGradNorm, clipGradValue } from './optim/clip.ts';
export type { OptimizerName } from './optim/index.ts';
export * from './optim/index.ts';
export type { OptimizerState, OptimizerStateDict } from './optim/optimizer.ts';
export { Optimizer } from './optim/optimizer.ts';
export type { OptimizerOptions, ParametersOrGroups, ParamGroup, ParamGroupOptions } from './optim/param-groups.ts';
export type { Segment } from './optim/segment.ts';
export type { SGDOptions } from './optim/sgd.ts';
export { withRestoredState } from './restore.ts';
export type { CosineAnnealingLROptions } from './schedules/cosine.ts';
export { CosineAnnealingLR } from './schedules/cosine.ts';
export type { ExponentialLROptions, MultiStepLROptions, StepLROptions } from './schedules/decay.ts';
export { ExponentialLR, MultiStepLR, StepLR } from './schedules/decay.ts';
export type { LinearLROptions } from './schedules/linear.ts';
export { LambdaLR, LinearLR } from './schedules/linear.ts';
export type { ReduceLROnPlateauOptions, ReduceLROnPlateauState } from './schedules/plateau.ts';
export { ReduceLROnPlateau } from './schedules/plateau.ts';
export type { LRSchedulerState } from './schedules/scheduler.ts';
export { LRScheduler } from './schedules/scheduler.ts';
export type { SequentialLROptions, SequentialLRState } from './schedules/sequential.ts';
export { SequentialLR } from './schedules/sequential.ts';
export type { LayerSummary, Summary } from './summary.ts';
export { summary } from './summary.ts';
