// Files that other programs read: `@descent/nn/formats`, apart from the rest so that a page does not pay for it.

export type { StateEntry as Stored } from '../core/state-dict.ts';
export { readWithChecksum as readSealed, writeWithChecksum as writeSealed } from './checksum.ts';
export type { SavedDType, SavedTensor } from './dtype.ts';
export { dtypeBytes, savedFloats, savedIntegers, toFloats, toIntegers } from './dtype.ts';
export type { Distribution, EventFile, Scalar, Setting, SummaryEvent as Happening } from './event-file.ts';
export {
  appendEvents as moreEvents,
  createEventFile as beginEvents,
  END,
  finishEventFile as endEvents,
  writeEvents,
} from './event-file.ts';
export type { PastEvent } from './event-reader.ts';
export { readEvents } from './event-reader.ts';
export type { Histogram as Spread } from './histogram.ts';
export { toHistogram as spreadOf } from './histogram.ts';
export type { LoadOptions, SaveOptions } from './model-file.ts';
export { loadModel, saveModel } from './model-file.ts';
export type { OnnxOptions } from './onnx/index.ts';
export { exportOnnx } from './onnx/index.ts';
export type { StateReader as Keeper } from './parts.ts';
export { joinParts, nameParts, runningParts, sizeOfParts, stateOf, valueParts } from './parts.ts';
export type { Safetensors } from './safetensors.ts';
export { readSafetensors, writeSafetensors } from './safetensors.ts';
