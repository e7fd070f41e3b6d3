// How long an epoch is.

interface EpochLength {
  readonly trainSamples: number;
  readonly batchSize: number;
  readonly validationShare?: number;
}

/** An epoch is as many batches as fit into the examples that are trained on, at least one. */
export function stepsPerEpoch({ trainSamples, batchSize, validationShare = 0 }: EpochLength): number {
  const examples = trainSamples - Math.floor(trainSamples * validationShare);
  return Math.max(1, Math.floor(examples / batchSize));
}
