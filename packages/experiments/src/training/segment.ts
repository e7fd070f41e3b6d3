// Schedules: which arms to train next.

import type { ArmRecord } from '../record/record.ts';
import type { ArmSpec } from './arm.ts';

/** Arms that can be trained in parallel. */
export interface Segment {
  /** The arms. The schedule has ended if both `arms` and `pruned` are empty. */
  readonly arms: readonly ArmSpec[];
  /** Steps at which arms pause, by name; other arms run to their ends. */
  readonly until: ReadonlyMap<string, number>;
  /** Records of paused arms that are stopped early. They are stored before the segment starts. */
  readonly pruned: readonly ArmRecord[];
}

/** An arm of a schedule. */
export interface PlannedArm {
  /** Unique within the run. */
  readonly name: string;
  /** Total steps. */
  readonly steps: number;
}

/** The order in which arms are trained. A search depends on the results so far; other experiments have one segment. */
export interface Schedule {
  /** All arms in the order of the record, with their steps if they are not stopped early. */
  readonly planned: readonly PlannedArm[];
  /**
   * Returns the next segment.
   * @param known records of arms that have ended or paused
   */
  next(known: ReadonlyMap<string, ArmRecord>): Segment;
  /** Returns an arm of the segments so far. */
  specOf(name: string): ArmSpec | undefined;
}
