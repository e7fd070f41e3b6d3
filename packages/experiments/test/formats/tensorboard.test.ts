// Events of an arm, decoded by an independent reader.
import { expect, test } from 'vitest';
import { stepsAndTags } from '../../../../test/formats/events.ts';
import {
  ArmEvents,
  createEventFile,
  createHistogramReader,
  eventSettings,
  type NetworkHistograms,
} from '../../src/export/index.ts';
import type { ArmRecord } from '../../src/index.ts';
import { classifier, collectEvents as runEventsOf, tinyContext, train } from '../bench.ts';

const spec = classifier({ steps: 10, evaluateEvery: 4 });
const settings = eventSettings({ options: { steps: 10, hiddenSizes: [7, 5] }, seed: 1 }, spec);
const decode = (parts: readonly Uint8Array[]) => stepsAndTags(Uint8Array.from(parts.flatMap((part) => [...part])));

/** Trains the arm and encodes its events as they come. */
async function encodeWhileTraining(): Promise<{ parts: Uint8Array[]; record: ArmRecord }> {
  const context = await tinyContext();
  const events = await runEventsOf({ ...context, readHistograms: createHistogramReader(context) }, [spec], {
    monitor: { histogramCount: 5 },
  });
  const encoder = new ArmEvents();
  const parts = [createEventFile(settings, 0)];
  for (const event of events) {
    if (event.kind === 'progress')
      parts.push(encoder.encode(event.observation!.series, event.observation!.histograms, 0));
    if (event.kind === 'arm') parts.push(encoder.encodeEnd(event.record, [], 0));
  }
  return { parts, record: events.flatMap((event) => (event.kind === 'arm' ? [event.record] : []))[0]! };
}

test('events contain every step, regular histograms, and the final measures', async () => {
  const { parts, record } = await encodeWhileTraining();
  expect(parts).toHaveLength(12);
  const all = decode(parts);
  const steps = (wanted: string) => all.flatMap(([step, tag]) => (tag === wanted ? [step] : []));
  expect(steps('trainLoss')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(steps('testAccuracy')).toEqual([0, 4, 8]);
  for (const tag of ['weights/0.weight', 'gradients/0.weight', 'activations/1 ReLU', 'activation gradients/4 Linear'])
    expect(steps(tag), tag).toEqual([0, 2, 4, 6, 8, 10]);
  expect(steps('testLoss')).toEqual([10]);
  expect(all.at(-1)).toEqual([10, '_hparams_/session_end_info']);
  expect(record).toEqual((await train(await tinyContext(), [spec]))[0]);
});

test('events skip the steps of earlier files', async () => {
  const { record } = await encodeWhileTraining();
  const all = decode([new ArmEvents(4).encodeEnd(record, [], 0)]);
  expect(all.filter(([, tag]) => tag === 'trainLoss').map(([step]) => step)).toEqual([5, 6, 7, 8, 9, 10]);
});

test('settings include the parameters of a trial', () => {
  const trial = { ...spec, task: { ...spec.task, trial: { lr: 0.25 } } } as typeof spec;
  expect(eventSettings({ options: { sizes: [1, 2] }, seed: 3 }, trial)).toEqual({
    sizes: '1,2',
    seed: 3,
    arm: 'arm',
    lr: 0.25,
  });
});

test('histograms are the same in every run', async () => {
  const context = await tinyContext();
  const look = createHistogramReader(context);
  const histograms: NetworkHistograms[] = [];
  for (const _ of [1, 2]) {
    const events = await runEventsOf({ ...context, readHistograms: look }, [classifier()], {
      monitor: { histogramCount: 1 },
    });
    histograms.push(
      ...events.flatMap((event) => (event.kind === 'progress' ? (event.observation?.histograms ?? []) : [])),
    );
  }
  expect(histograms.map(({ step }) => step)).toEqual([0, 12, 0, 12]);
  expect(histograms.slice(0, 2)).toEqual(histograms.slice(2));
});
