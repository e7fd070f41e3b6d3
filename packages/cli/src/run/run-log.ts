// A log that is written during a run.
import type { RunEvent, Schedule } from '@descent/experiments';

/** Number of histograms per parameter of an arm, besides those before the first step. */
export const HISTOGRAM_COUNT = 10;

/** Logs the events of one run. An error of the log does not end the run. */
export interface RunLog {
  take(event: RunEvent, schedule: Schedule): Promise<void>;
  /** Completes the files of arms that ended in earlier processes. */
  finish(schedule: Schedule): Promise<void>;
}
