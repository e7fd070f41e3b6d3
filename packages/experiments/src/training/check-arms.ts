// Whether arms can train on the data that are there: found out before anything starts.

import type { ImageData } from '@descent/nn/data';
import { message } from '../i18n/index.ts';
import { rejectIf } from '../options/options.ts';
import { checkValidation } from '../options/search.ts';
import type { ArmSpec, ConvnetSpec, NetworkSpec, RecurrentSpec } from './arm.ts';
import { DEFAULT_CLASSES } from './network.ts';

/** What the data are to arms. */
export interface DataExtent {
  /** Training images. */
  readonly trainCount: number;
  /** Of each image. */
  readonly pixels: number;
  /** One more than the greatest label. */
  readonly classes: number;
}

/** The extent of data that are loaded. */
export function getDataExtent({ train, test }: Pick<ImageData, 'train' | 'test'>): DataExtent {
  const pixels = train.inputShape.reduce((product, size) => product * size, 1);
  return { trainCount: train.length, pixels, classes: Math.max(train.classes, test.classes) };
}

/** @throws OptionError that names the options which these data do not allow */
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
  // Every convolution takes kernelSize - 1 pixels off a side, and the pooling behind it halves what is left.
  const least = channels.reduce((side) => 2 * side + kernelSize - 1, 1);
  const side = Math.sqrt(pixels);
  rejectIf(!Number.isInteger(side) || side < least, 'channels', {
    en: `expected square images of ${least} × ${least} pixels or more for ${channels.length} --channels with --kernel-size ${kernelSize} but got ${pixels} pixels`,
    ko: `--channels ${channels}와 --kernel-size ${kernelSize}에는 한 변이 ${least}픽셀 이상인 정사각형 이미지가 필요하지만 데이터는 ${pixels}픽셀이다.`,
    ja: `--channels ${channels} と --kernel-size ${kernelSize} には一辺 ${least} 画素以上の正方形の画像が必要だが、データは ${pixels} 画素である。`,
  });
}

/** Numbers of weights, or of a batch's outputs, above which an arm counts as large: 256 MiB. */
const LARGE = 1 << 26;

/** Returns whether an arm may not fit into memory; a bound from its sizes. */
export function isLarge({ task }: ArmSpec): boolean {
  if (task.kind === 'surface') return false;
  if (task.kind === 'activations') return sum(task.hiddenSizes) * Math.max(sum(task.hiddenSizes), task.samples) > LARGE;
  const { network, batchSize } = task;
  if (network.kind === 'recurrent') return network.hiddenSize * network.sequenceSteps * batchSize > LARGE;
  const width = sum(network.hiddenSizes);
  const units = width + (network.kind === 'convnet' ? PIXELS * sum(network.channels) : 0);
  return units * batchSize > LARGE || width * width > LARGE;
}

/** Outputs of a filter, at most. */
const PIXELS = 784;
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
