// The device of all tests. kernels.test.ts shows that every variant has the same bits, network.test.ts that whole networks do.
import { loadDevice } from '@descent/kernels';

export const device = await loadDevice({ bytes: 2 ** 23 });
