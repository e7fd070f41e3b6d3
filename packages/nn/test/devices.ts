// One small device per variant.
import { type Device, loadDevice, type Variant } from '@descent/kernels';

const names: Variant[] = ['reference', 'scalar', 'simd128'];

export const devices: Device[] = await Promise.all(names.map((variant) => loadDevice({ variant, bytes: 2 ** 23 })));

/** The device of tests that do not compare variants. */
export const device = devices[0] as Device;
