// The option `classes`. Arms with ten classes stay as they were before the option existed.
import { loadDevice, Tensor, TensorDataset } from '@descent/nn';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { experiments } from '../src/catalog/index.ts';
import { parseExperimentOptions } from '../src/experiment.ts';
import { ArmSpecSchema } from '../src/record/schemas.ts';
import { checkArms, getDataExtent } from '../src/training/check-arms.ts';
import { predict } from '../src/training/inspect.ts';
import { Training } from '../src/training/training.ts';

const device = await loadDevice({ variant: 'scalar', bytes: 2 ** 26 });
const part = (count: number) =>
  new TensorDataset({
    inputs: Tensor.from(
      device,
      Array.from({ length: 784 * count }, (_, i) => (31 * i) % 256),
      [count, 784],
      'uint8',
    ),
    labels: Tensor.from(
      device,
      Array.from({ length: count }, (_, i) => i % 26),
      [count],
      'uint8',
    ),
  });
const data = { train: part(52), test: part(26) };
const small = {
  hiddenSizes: '4',
  hiddenSize: '4',
  batchSize: '4',
  batchSizes: '4',
  steps: '1',
  epochs: '1',
  trials: '1',
  trainSamples: '52',
};

test.each(experiments.filter((each) => each.data !== 'none').map((each) => [each.name, each] as const))(
  '%s trains one output per class',
  (_, experiment) => {
    const raw = Object.fromEntries(Object.entries(small).filter(([name]) => name in experiment.options));
    const armsFor = (classes: string) =>
      experiment.arms(parseExperimentOptions(experiment, { ...raw, classes }) as never, 1);
    expect(JSON.stringify(armsFor('10'))).not.toContain('classes');
    const [arm] = armsFor('26');
    if (!arm) throw new Error('expected an arm');
    expect(v.parse(ArmSpecSchema, JSON.parse(JSON.stringify(arm)))).toEqual(arm);
    const training = new Training(arm, { device, data });
    for (const loss of training.run()) expect(loss).toBeGreaterThan(0);
    expect(training.model?.outputShape).toEqual([26]);
    expect(predict(training, data.test).probabilities.length).toBe(26 * 26);
    training.release();
    expect(() => checkArms(armsFor('10'), getDataExtent(data))).toThrow('expected --classes to be at least 26');
    expect(() => checkArms(armsFor('26'), getDataExtent(data))).not.toThrow();
  },
);
