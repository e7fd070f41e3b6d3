// The float operations (ops) in WebAssembly and in plain TypeScript, with equal bits, and the memory they work on.

export { exact } from './exact.ts';
export type { Kernels } from './ops.ts';
export type { Device, DeviceOptions, Gunzip } from './runtime/device.ts';
export { loadDevice } from './runtime/device.ts';
export type { Pointer, Views } from './runtime/memory.ts';
export { Arena, MemoryError } from './runtime/memory.ts';
export type { Variant, VariantInfo } from './runtime/variants.ts';
export { availableVariants, variants } from './runtime/variants.ts';
