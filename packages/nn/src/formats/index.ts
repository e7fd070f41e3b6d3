// `@descent/nn/formats`: file formats of other programs, in an entry point of their own to keep bundles small.

export type { StateEntry } from '../core/state-dict.ts';
export { readWithChecksum, writeWithChecksum } from './checksum.ts';
export type { SavedDType, SavedTensor, TensorSource } from './dtype.ts';
export { dtypeBytes, savedFloats, savedIntegers, toFloats, toIntegers } from './dtype.ts';
export type { Distribution, Scalar, Setting, SummaryEvent } from './event-file.ts';
export { appendEvents, createEventFile, finishEventFile } from './event-file.ts';
export type { Histogram } from './histogram.ts';
export { toHistogram } from './histogram.ts';
export type { LoadOptions, SaveOptions } from './model-file.ts';
export { loadModel, saveModel } from './model-file.ts';
export type { OnnxOptions } from './onnx/index.ts';
export { exportOnnx } from './onnx/index.ts';
export type { StateReader } from './parts.ts';
export { joinParts, nameParts, runningParts, sizeOfParts, stateOf, valueParts } from './parts.ts';
export type { Safetensors } from './safetensors.ts';
export { readSafetensors, writeSafetensors } from './safetensors.ts';
