// The length of an epoch.

/** The options that decide the length of an epoch. */
export interface EpochLength {
  /** Number of training examples. */
  readonly trainSamples: number;
  /** Examples per batch. */
  readonly batchSize: number;
  /** Share of the training examples that validate. Default 0. */
  readonly validationShare?: number;
}

/** Returns the number of full batches in the training examples without the validation examples, but at least one. */
export function stepsPerEpoch({ trainSamples, batchSize, validationShare = 0 }: EpochLength): number {
  const examples = trainSamples - Math.floor(trainSamples * validationShare);
  return Math.max(1, Math.floor(examples / batchSize));
}
