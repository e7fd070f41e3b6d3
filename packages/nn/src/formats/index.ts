// Files that other programs read: `@descent/nn/formats`, apart from the rest so that a page does not pay for it.

export type { Stored } from '../state-dict.ts';
export type { SavedDType, SavedTensor } from './dtype.ts';
export { dtypeBytes, savedFloats, savedIntegers, toFloats, toIntegers } from './dtype.ts';
export type { Distribution, EventFile, Happening, Scalar, Setting } from './event-file.ts';
export { beginEvents, END, endEvents, moreEvents, writeEvents } from './event-file.ts';
export type { PastEvent } from './event-reader.ts';
export { readEvents } from './event-reader.ts';
export type { LoadOptions, SaveOptions } from './model-file.ts';
export { loadModel, saveModel } from './model-file.ts';
export type { OnnxOptions } from './onnx/index.ts';
export { exportOnnx } from './onnx/index.ts';
export type { Keeper } from './parts.ts';
export { joinParts, nameParts, runningParts, sizeOfParts, stateOf, valueParts } from './parts.ts';
export type { Safetensors } from './safetensors.ts';
export { readSafetensors, writeSafetensors } from './safetensors.ts';
export { readSealed, writeSealed } from './seal.ts';
export type { Spread } from './spread.ts';
export { spreadOf } from './spread.ts';
