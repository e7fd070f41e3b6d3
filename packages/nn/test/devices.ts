// One small device of each variant: what holds for one must hold for all, bit for bit.
import { type Device, loadDevice, type Variant } from '@descent/kernels';

const names: Variant[] = ['reference', 'scalar', 'simd128'];

export const devices: Device[] = await Promise.all(names.map((variant) => loadDevice({ variant, bytes: 2 ** 23 })));

/** For tests of what does not touch the kernels. */
export const device = devices[0] as Device;
