// Float operations in WebAssembly, each with a twin in plain TypeScript that gives the same bits; the memory that they work on.
export type { Device, DeviceOptions } from './device.ts';
export { loadDevice } from './device.ts';
export { exact } from './exact.ts';
export type { Kernels } from './kernels.ts';
export type { Pointer } from './memory.ts';
export { Arena, MemoryError } from './memory.ts';
export type { Gunzip } from './unpack.ts';
export type { Variant, VariantInfo } from './variants.ts';
export { availableVariants, variants } from './variants.ts';
