// Observes an arm while it trains: new values of its series, and histograms of its network at even intervals. The
// training is not affected.
import type { ArmRecord } from '../record/record.ts';
import type { NetworkHistograms } from './histograms.ts';
import type { Training } from './training.ts';

/** What to observe besides the series. */
export interface MonitorOptions {
  /** Number of equal intervals between histograms; the first is taken before the first step. 0: no histograms. */
  readonly histogramCount: number;
}

/** What was observed since the last observation. */
export interface Observation {
  /** New values. */
  readonly series: ArmRecord['series'];
  /** New histograms. */
  readonly histograms: readonly NetworkHistograms[];
}

export interface Monitor {
  /** Takes the histograms that are due at the current step. */
  update(): void;
  /** The step after which the next histograms are due; infinite if there are none. */
  readonly nextStep: number;
  /** Returns what was observed since the last call. */
  takeObservation(): Observation;
}

/** @param readHistograms reads the histograms of a network; without it there are none */
export function createMonitor(
  training: Training,
  { histogramCount }: MonitorOptions,
  readHistograms: (training: Training) => NetworkHistograms | undefined = () => undefined,
): Monitor {
  const { steps } = training;
  const count = histogramCount === 0 ? 0 : histogramCount + 1;
  const planned = Array.from({ length: count }, (_, k) => Math.ceil((k * steps) / histogramCount));
  // The histograms at the step of a checkpoint were taken before the checkpoint.
  let due = planned.filter((step) => step > training.step || training.step === 0);
  let taken: NetworkHistograms[] = [];
  return {
    update() {
      if (due[0] !== training.step) return;
      due = due.filter((step) => step > training.step);
      const found = readHistograms(training);
      if (found) taken.push(found);
    },
    get nextStep() {
      return due[0] ?? Number.POSITIVE_INFINITY;
    },
    takeObservation() {
      const histograms = taken;
      taken = [];
      return { series: training.takeNewSeries(), histograms };
    },
  };
}
