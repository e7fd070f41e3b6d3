// The length of an epoch.
import type { RunRecord } from '../record/record.ts';

interface EpochLength {
  readonly trainSamples: number;
  readonly batchSize: number;
  readonly validationShare?: number;
}

/** Returns the steps per epoch of a record that is measured in epochs. */
export function recordedEpoch({ options }: Pick<RunRecord, 'options'>): number {
  return stepsPerEpoch(options as unknown as EpochLength);
}

/** Returns the number of full batches in the training examples without the validation examples, but at least one. */
export function stepsPerEpoch({ trainSamples, batchSize, validationShare = 0 }: EpochLength): number {
  const examples = trainSamples - Math.floor(trainSamples * validationShare);
  return Math.max(1, Math.floor(examples / batchSize));
}
