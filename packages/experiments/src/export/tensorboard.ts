// Event files for TensorBoard: the series of an arm as scalars, histograms of its network, and its settings as hyperparameters.
import { appendEvents, finishEventFile, type Setting, type SummaryEvent } from '@descent/nn/formats';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import type { ArmSpec } from '../training/arm.ts';
import type { NetworkHistograms } from '../training/histograms.ts';
import type { MeasuredValues } from '../training/series-log.ts';

/** Encodes the events of an arm, to be appended to its event file. Each step of a tag is encoded once. */
export class ArmEvents {
  readonly #startStep: number;
  readonly #lastSteps = new Map<string, number>();

  /** @param startStep events up to this step are in earlier files and are skipped; default: none are */
  constructor(startStep = -1) {
    this.#startStep = startStep;
  }

  /** Returns whether histograms of the network after this step have been encoded. */
  hasHistograms(step: number): boolean {
    return [...this.#lastSteps].some(([tag, last]) => tag.startsWith('weights/') && last === step);
  }

  /**
   * Returns the events that are new, in the order of their steps.
   * @param time seconds since 1970
   */
  encode(series: MeasuredValues['series'], histograms: readonly NetworkHistograms[], time: number): Uint8Array {
    return this.#encodeNew([...scalarEvents(series), ...histograms.flatMap(histogramEvents)], time);
  }

  /**
   * Returns the new events of an arm that has ended, its final measures, and the end of the file.
   * @param time seconds since 1970
   */
  encodeEnd({ series, final, status }: ArmRecord, histograms: readonly NetworkHistograms[], time: number): Uint8Array {
    const scalars = scalarEvents(series);
    const lastStep = scalars.reduce((last, { step }) => Math.max(last, step), 1);
    // A measure that is taken only at the end has no series.
    const finals = Object.entries(final)
      .filter(([tag]) => !(tag in series))
      .map(([tag, value]): SummaryEvent => ({ kind: 'scalar', step: lastStep, tag, value }));
    const events = this.#encodeNew([...scalars, ...histograms.flatMap(histogramEvents), ...finals], time);
    return Uint8Array.from([...events, ...finishEventFile(lastStep, status !== 'finished', time)]);
  }

  #encodeNew(events: readonly SummaryEvent[], time: number): Uint8Array {
    const isNew = ({ tag, step }: SummaryEvent) => step > (this.#lastSteps.get(tag) ?? this.#startStep);
    const added = events.filter(isNew).sort((a, b) => a.step - b.step);
    for (const { tag, step } of added) this.#lastSteps.set(tag, step);
    return appendEvents(added, time);
  }
}

function scalarEvents(series: MeasuredValues['series']): SummaryEvent[] {
  return Object.entries(series).flatMap(([tag, { step, value }]) =>
    step.map((at, i): SummaryEvent => ({ kind: 'scalar', step: at, tag, value: value[i] as number })),
  );
}

function histogramEvents({ step, histograms }: NetworkHistograms): SummaryEvent[] {
  return histograms.map((values) => ({ kind: 'histogram', step, tag: values.tag, values }));
}

/** Returns the settings for the hparams plugin: options, seed, name of the arm, and the parameters of a trial. */
export function eventSettings({ options, seed }: Pick<RunRecord, 'options' | 'seed'>, { name, task }: ArmSpec) {
  const values = Object.entries(options).map(([option, value]) => [
    option,
    Array.isArray(value) ? value.join(',') : value,
  ]);
  const trial = task.kind === 'classifier' ? task.trial : {};
  return { ...Object.fromEntries(values), seed, arm: name, ...trial } as Record<string, Setting>;
}
