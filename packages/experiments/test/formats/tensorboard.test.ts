// Event files, read back strictly: as they grow, and as whoever goes on with a run finds them.
import { describe, expect, test } from 'vitest';
import { told } from '../../../../test/formats/events.ts';
import { ArmEvents, createHistogramProbe, type NetworkHistograms, settingsOf } from '../../src/export/index.ts';
import type { ArmRecord } from '../../src/index.ts';
import { classifier, eventsOf as runEventsOf, tinyContext, train } from '../bench.ts';

const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('an arm', () => {
  const spec = classifier({ steps: 10, evaluateEvery: 4 });
  const settings = settingsOf({ options: { steps: 10, hiddenSizes: [7, 5] }, seed: 1 }, spec);
  const plan = { monitor: { histogramCount: 5 } };

  /** The pieces of its file as it trains. */
  async function watched(): Promise<{ pieces: Uint8Array[]; record: ArmRecord }> {
    const context = await tinyContext();
    const events = await runEventsOf({ ...context, readHistograms: createHistogramProbe(context) }, [spec], plan);
    const { events: log, head } = ArmEvents.begin(settings, 0);
    const pieces = [head];
    for (const event of events) {
      if (event.kind === 'progress') pieces.push(log.tell(event.observation!.series, event.observation!.histograms, 0));
      if (event.kind === 'arm') pieces.push(log.end(event.record, [], 0));
    }
    return { pieces, record: events.flatMap((event) => (event.kind === 'arm' ? [event.record] : []))[0]! };
  }

  test('grows by every step, with histograms at even places, and ends with what is measured at the end', async () => {
    const { pieces } = await watched();
    expect(pieces).toHaveLength(12);
    const all = told(joined(pieces));
    const steps = (wanted: string) => all.flatMap(([step, tag]) => (tag === wanted ? [step] : []));
    expect(steps('trainLoss')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(steps('testAccuracy')).toEqual([0, 4, 8]);
    for (const tag of ['weights/0.weight', 'gradients/0.weight', 'activations/1 ReLU', 'activation gradients/4 Linear'])
      expect(steps(tag), tag).toEqual([0, 2, 4, 6, 8, 10]);
    expect(steps('testLoss')).toEqual([10]);
    expect(all.at(-1)).toEqual([10, '_hparams_/session_end_info']);
    // What a piece tells it has by the step of its event; within a piece steps ascend.
    for (const piece of pieces.slice(1, -1))
      expect(told(joined([pieces[0]!, piece])).map(([step]) => step)).toEqual(
        told(joined([pieces[0]!, piece]))
          .map(([step]) => step)
          .toSorted((a, b) => a - b),
      );
  });

  test('trains to the same bits whether it is watched or not', async () => {
    const [unseen] = await train(await tinyContext(), [spec]);
    expect((await watched()).record).toEqual(unseen);
  });

  test.each([0, 3, 4, 10])(
    'killed anywhere, goes on from a checkpoint at step %i without a step twice',
    async (step) => {
      const { pieces, record } = await watched();
      const whole = joined(pieces);
      const expected = told(whole);
      for (let cut = 0; cut <= whole.length; cut += 1_499) {
        const resumed = ArmEvents.resume(whole.subarray(0, cut), settings, step);
        if (!resumed) {
          expect(cut).toBeLessThan(pieces[0]!.length);
          continue;
        }
        const { events, keptBytes } = resumed;
        const kept = told(whole.subarray(0, keptBytes));
        expect(kept.every(([at, tag]) => at <= step && !tag.endsWith('session_end_info'))).toBe(true);
        const rest = [events.tell(record.series, [], 0), events.end(record, [], 0)];
        const scalars = ([, tag]: readonly [number, string]) => !/^\w+s\//.test(tag) && !tag.startsWith('activation');
        const all = told(joined([whole.subarray(0, keptBytes), ...rest]));
        expect(sorted(all.filter(scalars))).toEqual(sorted(expected.filter(scalars)));
        expect(new Set(all.map(String)).size).toBe(all.length);
      }
    },
  );

  test('that has ended and whose file is whole is left as it is', async () => {
    const { pieces, record } = await watched();
    const whole = joined(pieces);
    const { events, keptBytes } = ArmEvents.resume(whole, settings, Number.POSITIVE_INFINITY)!;
    expect(keptBytes).toBe(whole.length);
    expect(events.hasLooked(10)).toBe(true);
    expect(events.end(record, [], 0)).toHaveLength(0);
  });

  test('with other settings is another, and so is noise', async () => {
    const { pieces } = await watched();
    const whole = joined(pieces);
    expect(ArmEvents.resume(whole, { ...settings, steps: 11 }, 5)).toBeUndefined();
    expect(ArmEvents.resume(new Uint8Array(100), settings, 5)).toBeUndefined();
    expect(ArmEvents.resume(new Uint8Array(), settings, 5)).toBeUndefined();
  });

  test('tells what a trial tries as its settings', () => {
    const trial = { ...spec, task: { ...spec.task, trial: { lr: 0.25 } } } as typeof spec;
    expect(settingsOf({ options: { sizes: [1, 2] }, seed: 3 }, trial)).toEqual({
      sizes: '1,2',
      seed: 3,
      arm: 'arm',
      lr: 0.25,
    });
  });
});

const sorted = (all: readonly (readonly [number, string])[]) => all.map(String).sort();

test('a look is the same whoever asks, and there is none without a network', async () => {
  const context = await tinyContext();
  const look = createHistogramProbe(context);
  const looks: NetworkHistograms[] = [];
  for (const _ of [1, 2]) {
    const events = await runEventsOf({ ...context, readHistograms: look }, [classifier()], {
      monitor: { histogramCount: 1 },
    });
    looks.push(...events.flatMap((event) => (event.kind === 'progress' ? (event.observation?.histograms ?? []) : [])));
  }
  expect(looks.map(({ step }) => step)).toEqual([0, 12, 0, 12]);
  expect(looks.slice(0, 2)).toEqual(looks.slice(2));
});
