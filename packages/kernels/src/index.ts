export type { Device, DeviceOptions } from './device.ts';
export { loadDevice } from './device.ts';
export { exact } from './exact.ts';
export type { Kernels } from './kernels.ts';
export type { Pointer } from './memory.ts';
export { Arena, MemoryError } from './memory.ts';
export type { Variant } from './variants.ts';
export { availableVariants, variants } from './variants.ts';
