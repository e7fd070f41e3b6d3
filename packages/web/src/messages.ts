// What the page and its workers say to each other. All of it is plain data.
import type { ArmRecord, ArmSpec, Checkpoint, Variant } from '@descent/experiments';
import type { Images } from './images.ts';

/** What to lay on a worker's bench. */
export interface BenchPlan {
  readonly variant?: Variant;
  readonly images?: Images;
}

export type Order =
  | { readonly kind: 'open'; readonly plan: BenchPlan }
  | {
      readonly kind: 'run';
      readonly arm: ArmSpec;
      readonly checkpoint?: Checkpoint;
      /** The step at which it pauses. */
      readonly until?: number;
    }
  | { readonly kind: 'stop' };

/** An arm on its way: all that it has measured. */
interface ArmProgress {
  readonly arm: string;
  readonly step: number;
  readonly steps: number;
  readonly measured: Pick<ArmRecord, 'series' | 'histograms'>;
}

export type Report =
  | { readonly kind: 'ready'; readonly variant: Variant }
  | { readonly kind: 'progress'; readonly progress: ArmProgress }
  /** The arm has stopped before its end; it can go on from here. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'arm'; readonly record: ArmRecord }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };
