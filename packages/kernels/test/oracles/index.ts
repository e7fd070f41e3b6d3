// The oracles of all ops. TypeScript requires one for every op of `src/ops.ts`.
import type { Kernels } from '../../src/ops.ts';
import { elementwise } from './elementwise.ts';
import { layers } from './layers.ts';
import { losses } from './losses.ts';
import type { Oracle } from './oracle.ts';
import { products } from './products.ts';
import { randomNumbers } from './random.ts';
import { rules } from './rules.ts';

export type { Arrays, Expected, Oracle } from './oracle.ts';

export const oracles: Readonly<Record<keyof Kernels, Oracle>> = {
  ...products,
  ...elementwise,
  ...losses,
  ...layers,
  ...randomNumbers,
  ...rules,
};
