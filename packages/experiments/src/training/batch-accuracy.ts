// Accuracy in training mode: under the statistics of the batch that an example comes with.
import { accuracy, DataLoader, type Sequential, type TensorDataset, withRestoredState } from '@descent/nn';

/** The share of examples that are named rightly, batch by batch in their order, as a float32. A short last batch is left out. */
export function batchAccuracy(model: Sequential, examples: TensorDataset, batchSize: number): number {
  const { arena } = model.device;
  const mark = arena.mark();
  const measure = () => {
    const loader = new DataLoader(examples, { batchSize, sampler: 'sequential' });
    const batches = Math.max(1, Math.floor(examples.length / batchSize));
    let sum = 0;
    model.train();
    for (let step = 0; step < batches; step++) {
      const { inputs, labels } = loader.batch(step);
      sum += accuracy(model.forward(inputs), labels);
    }
    return Math.fround(sum / batches);
  };
  try {
    return withRestoredState(model, measure);
  } finally {
    arena.release(mark);
  }
}
