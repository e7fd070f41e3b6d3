// An arm that is watched while it trains: what it measures, and at even places what its network looks like. It leaves no trace in the training.
import type { ArmRecord } from '../record/record.ts';
import type { NetworkHistograms } from './histograms.ts';
import type { Training } from './training.ts';

/** What to watch an arm for, beside what it measures. */
export interface MonitorOptions {
  /** In how many even parts looks divide the steps: one before the first step, one after each part; 0: none. */
  readonly looks: number;
}

/** What there is to be seen since one last looked. */
export interface Observation {
  /** What has been added to them. */
  readonly series: ArmRecord['series'];
  /** Those that were due. */
  readonly looks: readonly NetworkHistograms[];
}

export interface Monitor {
  /** Looks, if that is due where the training stands. */
  look(): void;
  /** The step after which the next look is due; infinite where there is none. */
  readonly next: number;
  /** What came in since this was last asked. */
  sight(): Observation;
}

/** @param look an eye for networks; without it there are no looks */
export function createMonitor(
  training: Training,
  { looks }: MonitorOptions,
  look: (training: Training) => NetworkHistograms | undefined = () => undefined,
): Monitor {
  const { steps } = training;
  const places = looks === 0 ? [] : Array.from({ length: looks + 1 }, (_, k) => Math.ceil((k * steps) / looks));
  // Whoever trained it up to here has looked here.
  let due = places.filter((place) => place > training.step || training.step === 0);
  let seen: NetworkHistograms[] = [];
  return {
    look() {
      if (due[0] !== training.step) return;
      due = due.filter((place) => place > training.step);
      const found = look(training);
      if (found) seen.push(found);
    },
    get next() {
      return due[0] ?? Number.POSITIVE_INFINITY;
    },
    sight() {
      const looks = seen;
      seen = [];
      return { series: training.takeNewSeries(), looks };
    },
  };
}
