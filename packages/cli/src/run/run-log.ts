// Whoever follows a run as it goes.
import type { RunEvent, Schedule } from '@descent/experiments';

/** Looks into a network: before its first step, and after each tenth of them. */
export const HISTOGRAM_STEPS = 10;

/** Follows one run. What it cannot write costs the log, never the run. */
export interface RunLog {
  take(event: RunEvent, schedule: Schedule): Promise<void>;
  /** Brings the files of arms that earlier processes ended to their ends. */
  finish(schedule: Schedule): Promise<void>;
}
