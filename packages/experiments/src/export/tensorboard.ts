// An arm as TensorBoard shows it: its series as scalars, looks into its network as histograms, its settings as hparams. The
// file is only appended to, so that whoever watches sees it grow.
import {
  appendEvents,
  createEventFile,
  END,
  finishEventFile,
  readEvents,
  type Setting,
  type SummaryEvent,
} from '@descent/nn/formats';
import type { ArmRecord, RunRecord } from '../record/record.ts';
import type { ArmSpec } from '../training/arm.ts';
import type { NetworkHistograms } from '../training/histograms.ts';
import type { MeasuredValues } from '../training/series-log.ts';

const noBytes = new Uint8Array();

/** The file of an arm that begins. */
export interface BegunEvents {
  /** What comes behind. */
  readonly events: ArmEvents;
  /** Its first bytes. */
  readonly head: Uint8Array;
}

/** The file of an arm that goes on. */
export interface ResumedEvents {
  /** What comes behind what is kept. */
  readonly events: ArmEvents;
  /** How much of the file stays. */
  readonly keptBytes: number;
}

/**
 * The event file of an arm, as pieces to append. Of each tag it takes steps in ascending order alone: what has been told once is
 * not told again, whoever tells it.
 */
export class ArmEvents {
  private constructor(
    /** The last step of each tag. */
    private readonly told: Map<string, number>,
    /** Whether the file has come to its end. */
    private isEnded: boolean,
  ) {}

  /**
   * A file that is to be written from its first byte.
   * @param time seconds since 1970
   */
  static begin(settings: Readonly<Record<string, Setting>>, time: number): BegunEvents {
    return { events: new ArmEvents(new Map(), false), head: createEventFile(settings, time) };
  }

  /**
   * Goes on with a file of the same arm. What stands behind `step` will come again, so it is left out.
   * @param step where the arm goes on; infinite where it has ended
   * @returns the bytes to keep; undefined where the file is of another run
   */
  static resume(
    file: Uint8Array,
    settings: Readonly<Record<string, Setting>>,
    step: number,
  ): ResumedEvents | undefined {
    const past = readEvents(file, settings);
    if (!past) return undefined;
    const first = past.findIndex(
      (event) => event.step > step || (event.tag === END && step < Number.POSITIVE_INFINITY),
    );
    const kept = first === -1 ? past : past.slice(0, first);
    const isEnded = kept.at(-1)?.tag === END;
    const events = new ArmEvents(new Map(kept.map((event) => [event.tag, event.step])), isEnded);
    return { events, keptBytes: kept.at(-1)?.end ?? 0 };
  }

  /** Whether there has been any look at this step. */
  hasLooked(step: number): boolean {
    return [...this.told].some(([tag, last]) => tag.startsWith('weights/') && last === step);
  }

  /**
   * What is new in these, in the order of the steps.
   * @param time seconds since 1970
   */
  tell(series: MeasuredValues['series'], looks: readonly NetworkHistograms[], time: number): Uint8Array {
    return this.encode([...scalarsOf(series), ...looks.flatMap(histogramsOf)], time);
  }

  /**
   * What is new in the record of an arm that has ended, and the end.
   * @param time seconds since 1970
   */
  end({ series, final, status }: ArmRecord, looks: readonly NetworkHistograms[], time: number): Uint8Array {
    if (this.isEnded) return noBytes;
    this.isEnded = true;
    const scalars = scalarsOf(series);
    const last = scalars.reduce((most, { step }) => Math.max(most, step), 1);
    // What is measured at the end alone has no series.
    const finals = Object.entries(final)
      .filter(([tag]) => !(tag in series))
      .map(([tag, value]): SummaryEvent => ({ kind: 'scalar', step: last, tag, value }));
    const rest = this.encode([...scalars, ...looks.flatMap(histogramsOf), ...finals], time);
    const end = finishEventFile(last, status !== 'finished', time);
    return Uint8Array.from([...rest, ...end]);
  }

  private encode(happenings: readonly SummaryEvent[], time: number): Uint8Array {
    const fresh = happenings.filter(({ tag, step }) => step > (this.told.get(tag) ?? -1));
    if (fresh.length === 0) return noBytes;
    for (const { tag, step } of fresh) this.told.set(tag, Math.max(step, this.told.get(tag) ?? -1));
    return appendEvents(
      fresh.sort((a, b) => a.step - b.step),
      time,
    );
  }
}

function scalarsOf(series: MeasuredValues['series']): SummaryEvent[] {
  return Object.entries(series).flatMap(([tag, { step, value }]) =>
    step.map((at, i): SummaryEvent => ({ kind: 'scalar', step: at, tag, value: value[i] as number })),
  );
}

function histogramsOf({ step, histograms: spreads }: NetworkHistograms): SummaryEvent[] {
  return spreads.map((spread) => ({ kind: 'histogram', step, tag: spread.tag, values: spread }));
}

/** What the hparams plugin is told: options, seed, the arm's name, and of a trial what it tries. */
export function settingsOf({ options, seed }: Pick<RunRecord, 'options' | 'seed'>, { name, task }: ArmSpec) {
  const plain = Object.entries(options).map(
    ([option, value]) => [option, Array.isArray(value) ? value.join(',') : value] as const,
  );
  const tried = task.kind === 'classifier' ? Object.entries(task.trial ?? {}) : [];
  return Object.fromEntries([...plain, ['seed', seed], ['arm', name], ...tried]) as Record<string, Setting>;
}
