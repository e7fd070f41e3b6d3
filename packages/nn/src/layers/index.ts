// Every layer class. To add a layer, export it here; ONNX export and the test tables then require a row for it.
export { GELU, ReLU, Sigmoid, Tanh } from './activation.ts';
export { BatchNorm1d, BatchNorm2d } from './batch-norm.ts';
export { Conv2d } from './conv.ts';
export { Dropout } from './dropout.ts';
export { Flatten } from './flatten.ts';
export { LayerNorm } from './layer-norm.ts';
export { Linear } from './linear.ts';
export { MaxPool2d } from './pool.ts';
export { RNN } from './rnn.ts';
export { Sequential } from './sequential.ts';
