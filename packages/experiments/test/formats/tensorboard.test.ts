// An arm's event file has everything in it that TensorBoard is to show; how the file is written is tested in nn.
import { expect, test } from 'vitest';
import { writeArmEvents } from '../../src/formats/index.ts';
import { findExperiment, inspect, Training } from '../../src/index.ts';
import { classifier, run, tinyContext } from '../bench.ts';

test('an arm has its series, its final numbers and a look into its network', async () => {
  const context = await tinyContext();
  const record = await run(
    findExperiment('optimizer_compare_mnist'),
    { steps: 4, hiddenSizes: [5], batchSize: 8, trainSamples: 40 },
    1,
    context,
  );
  const training = new Training(classifier(), context);
  const view = inspect(training, context.data!.train.slice(0, 8));
  const [arm] = record.arms;
  const file = writeArmEvents({ record, arm: arm!, views: [view], began: 0 });
  const text = new TextDecoder('latin1').decode(file);
  expect(text.split('trainLoss').length - 1).toBe(4);
  for (const tag of ['testAccuracy', 'weights/0.weight', 'gradients/0.weight', 'activations/1 ReLU'])
    expect(text, tag).toContain(tag);
  expect(writeArmEvents({ record, arm: arm!, views: [view], began: 0 })).toEqual(file);
});
