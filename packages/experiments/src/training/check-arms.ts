// Checks, before training starts, whether arms can train on the data.

import type { ImageData } from '@descent/nn/data';
import { message } from '../i18n/index.ts';
import { rejectIf } from '../options/options.ts';
import { checkValidation } from '../options/search.ts';
import type { ArmSpec, ConvnetSpec, NetworkSpec, RecurrentSpec } from './arm.ts';
import { DEFAULT_CLASSES } from './network.ts';

/** The extent of a data set. */
export interface DataExtent {
  /** Number of training images. */
  readonly trainCount: number;
  /** Pixels per image. */
  readonly pixels: number;
  /** The greatest label plus one. */
  readonly classes: number;
}

/** Returns the extent of loaded data. */
export function getDataExtent({ train, test }: Pick<ImageData, 'train' | 'test'>): DataExtent {
  const pixels = train.inputShape.reduce((product, size) => product * size, 1);
  return { trainCount: train.length, pixels, classes: Math.max(train.classes, test.classes) };
}

/** @throws OptionError that names an option which does not fit the data */
export function checkArms(arms: readonly ArmSpec[], { trainCount, pixels, classes }: DataExtent): void {
  for (const { task } of arms) {
    if (task.kind !== 'classifier') continue;
    const { network, measures, trainSamples } = task;
    if (measures.includes('validation')) checkValidation(task, Math.min(trainSamples, trainCount));
    checkClasses(network, classes);
    if (network.kind === 'recurrent') checkSequence(network, pixels);
    if (network.kind === 'convnet') checkWindows(network, pixels);
  }
}

function checkClasses({ classes = DEFAULT_CLASSES }: NetworkSpec, found: number): void {
  rejectIf(found > classes, 'classes', message('training.check-arms.check-classes', { found, classes }));
}

function checkSequence({ sequenceSteps: steps }: RecurrentSpec, pixels: number): void {
  rejectIf(pixels % steps !== 0, 'sequenceSteps', message('training.error.sequence-steps', { pixels, steps }));
}

function checkWindows({ channels, kernelSize }: ConvnetSpec, pixels: number): void {
  // Every convolution reduces the side by kernelSize − 1 pixels, and the pooling after it halves the side.
  const least = channels.reduce((side) => 2 * side + kernelSize - 1, 1);
  const side = Math.sqrt(pixels);
  const values = { least, channels: channels.join(','), kernelSize, pixels };
  rejectIf(!Number.isInteger(side) || side < least, 'channels', message('training.error.windows', values));
}

/** Number of weights, or of outputs per batch, above which an arm is large: 256 MiB. */
const MAX_SMALL_ARM = 1 << 26;

/** Upper limit of the outputs per filter. */
const MAX_PIXELS = 784;

/** Returns whether an arm may need too much memory, estimated from its sizes. */
export function isLarge({ task }: ArmSpec): boolean {
  if (task.kind === 'surface') return false;
  if (task.kind === 'activations')
    return sum(task.hiddenSizes) * Math.max(sum(task.hiddenSizes), task.samples) > MAX_SMALL_ARM;
  const { network, batchSize } = task;
  if (network.kind === 'recurrent') return network.hiddenSize * network.sequenceSteps * batchSize > MAX_SMALL_ARM;
  const width = sum(network.hiddenSizes);
  const units = width + (network.kind === 'convnet' ? MAX_PIXELS * sum(network.channels) : 0);
  return units * batchSize > MAX_SMALL_ARM || width * width > MAX_SMALL_ARM;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
