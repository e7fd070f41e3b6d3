export type { Device, DeviceOptions } from './device.ts';
export { loadDevice } from './device.ts';
export { exact } from './exact.ts';
export type { Kernels, Pointer } from './kernels.ts';
export { Arena, MemoryError } from './memory.ts';
export type { Variant } from './variants.ts';
export { availableVariants, variants } from './variants.ts';
