// One oracle an op.
import { elementwise } from './elementwise.ts';
import { layers } from './layers.ts';
import { losses } from './losses.ts';
import type { Oracle } from './oracle.ts';
import { products } from './products.ts';
import { randomNumbers } from './random.ts';
import { rules } from './rules.ts';

export type { Expected, Inputs, Oracle } from './oracle.ts';

export const oracles: Readonly<Record<string, Oracle>> = {
  ...products,
  ...elementwise,
  ...losses,
  ...layers,
  ...randomNumbers,
  ...rules,
};
