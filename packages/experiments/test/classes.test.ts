// The option `classes`. Arms with ten classes stay as they were before the option existed.
import { loadDevice, Tensor, TensorDataset } from '@descent/nn';
import { expect, test } from 'vitest';
import { experiments } from '../src/catalog/index.ts';
import { parseExperimentOptions } from '../src/experiment.ts';
import { checkArms, getDataExtent } from '../src/training/check-arms.ts';
import { Training } from '../src/training/training.ts';
import { shortOptions } from './bench.ts';

const device = await loadDevice({ bytes: 2 ** 26 });
const part = (count: number) => {
  const labels = Array.from({ length: count }, (_, i) => i % 26);
  const inputs = Tensor.zeros(device, [count, 784], 'uint8');
  return new TensorDataset({ inputs, labels: Tensor.from(device, labels, [count], 'uint8') });
};
const data = { train: part(52), test: part(26) };

test.each(experiments.filter((each) => each.data !== 'none').map((each) => [each.name, each] as const))(
  '%s trains one output per class',
  (_, experiment) => {
    const armsFor = (classes: string) =>
      experiment.arms(parseExperimentOptions(experiment, { ...shortOptions(experiment), classes }), 1);
    expect(JSON.stringify(armsFor('10'))).not.toContain('classes');
    const training = new Training(armsFor('26')[0] as never, { device, data });
    for (const loss of training.run()) expect(loss).toBeGreaterThan(0);
    expect(training.model?.outputShape).toEqual([26]);
    training.release();
    expect(() => checkArms(armsFor('10'), getDataExtent(data))).toThrow('expected --classes to be at least 26');
  },
);
