// Events of an arm. packages/cli/test/tensorboard.test.ts reads whole files, also of resumed runs.
import { expect, test } from 'vitest';
import { createHistogramReader, eventSettings, type NetworkHistograms } from '../../src/export/index.ts';
import { classifier, collectEvents, tinyContext } from '../bench.ts';

test('settings include the parameters of a trial', () => {
  const spec = classifier();
  const trial = { ...spec, task: { ...spec.task, trial: { lr: 0.25 } } } as typeof spec;
  const settings = { sizes: '1,2', seed: 3, arm: 'arm', lr: 0.25 };
  expect(eventSettings({ options: { sizes: [1, 2] }, seed: 3 }, trial)).toEqual(settings);
});

test('histograms are the same in every run', async () => {
  const context = await tinyContext();
  const readHistograms = createHistogramReader(context);
  const monitor = { histogramCount: 1 };
  const histograms: NetworkHistograms[] = [];
  for (const _ of [1, 2])
    for (const event of await collectEvents({ ...context, readHistograms }, [classifier()], { monitor }))
      if (event.kind === 'progress') histograms.push(...(event.observation?.histograms ?? []));
  expect(histograms.map(({ step }) => step)).toEqual([0, 12, 0, 12]);
  expect(histograms.slice(0, 2)).toEqual(histograms.slice(2));
});
