// What can be trained next, and all that will be.

import type { ArmRecord } from '../record/record.ts';
import type { ArmSpec } from './arm.ts';

/** Arms that can be trained side by side. */
export interface Segment {
  /** None, and none `pruned` either, where all there is to train has been trained. */
  readonly arms: readonly ArmSpec[];
  /** Steps at which arms pause, by name; the others go to their ends. */
  readonly until: ReadonlyMap<string, number>;
  /** Arms that paused and will not go on: their records, to be kept before the leg begins. */
  readonly pruned: readonly ArmRecord[];
}

/** An arm before it is trained. */
export interface PlannedArm {
  /** Unique within the run. */
  readonly name: string;
  /** From beginning to end. */
  readonly steps: number;
}

/** What to train when. A search decides on the results so far; any other experiment is one leg. */
export interface Schedule {
  /** All arms there will be, in the order of the record, with the steps of one that nothing stops. */
  readonly planned: readonly PlannedArm[];
  /**
   * The next leg.
   * @param known arms that have ended, and those that pause where a leg told them to
   */
  next(known: ReadonlyMap<string, ArmRecord>): Segment;
  /** An arm of the legs so far. */
  specOf(name: string): ArmSpec | undefined;
}
