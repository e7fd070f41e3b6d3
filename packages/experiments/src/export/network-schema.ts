// The description of a network as it comes from a file: nothing in it is believed before it is checked.
import { activationNames } from '@descent/nn';
import { MAX_CLASSES } from '@descent/nn/data';
import * as v from 'valibot';
import type { NetworkSpec } from '../training/arm.ts';

/** Layers of a kind; a network of more would not fit into memory. */
const MOST_LAYERS = 1_000;

const Size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 20));
const Sizes = v.pipe(v.array(Size), v.maxLength(MOST_LAYERS));

const classes = v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(MAX_CLASSES)));
const dense = {
  classes,
  hiddenSizes: Sizes,
  activation: v.picklist(activationNames),
  init: v.variant('kind', [
    v.object({ kind: v.picklist(['he', 'xavier', 'glorot']) }),
    v.object({ kind: v.literal('normal'), std: v.pipe(v.number(), v.finite(), v.minValue(0)) }),
  ]),
  norm: v.picklist(['none', 'batch', 'layer']),
  dropout: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
};

export const NetworkSchema: v.GenericSchema<unknown, NetworkSpec> = v.variant('kind', [
  v.object({ kind: v.literal('perceptron'), ...dense }),
  v.object({
    kind: v.literal('recurrent'),
    classes,
    sequenceSteps: v.pipe(Size, v.maxValue(4_096)),
    hiddenSize: Size,
    norm: dense.norm,
    initialGamma: v.pipe(v.number(), v.finite()),
  }),
  v.object({ kind: v.literal('convnet'), channels: Sizes, kernelSize: v.pipe(Size, v.maxValue(1_024)), ...dense }),
]);
