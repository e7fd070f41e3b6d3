// What the page and its workers say to each other. All of it is plain data.
import type {
  ArmRecord,
  ArmSpec,
  Checkpoint,
  Histogram,
  Misclassified,
  Variant,
  WeightImages,
} from '@descent/experiments';
import type { Images } from '../images/images.ts';

/** What to lay on a worker's bench. */
export interface BenchPlan {
  readonly variant?: Variant;
  readonly images?: Images;
}

/** An arm to look into, as it is after so many steps: computed from where the checkpoint is, else from the beginning. */
export interface Look {
  readonly arm: ArmSpec;
  readonly checkpoint?: Checkpoint | undefined;
  readonly step: number;
  /** Rows and columns of an image. */
  readonly imageShape: readonly [rows: number, columns: number];
  /** An image to name. */
  readonly pixels?: Uint8Array | undefined;
  /** Whether to look at its layers and its mistakes too. */
  readonly isThorough: boolean;
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
  | { readonly kind: 'look'; readonly look: Look }
  | { readonly kind: 'stop' };

export interface NamedHistogram extends Histogram {
  readonly name: string;
  /** How many values there are, those that are not finite among them. */
  readonly total: number;
}

/** What is inside a network. */
export interface Inside {
  /** Of the arm as it stands, as a record of it has. */
  readonly digest: string;
  /** The first of the pictures; `units` is how many there are. */
  readonly weights: WeightImages;
  readonly units: number;
  readonly activations: readonly NamedHistogram[];
  readonly gradients: readonly NamedHistogram[];
  /** The surest first. */
  readonly mistakes: readonly Misclassified[];
  /** Images of the first of them. */
  readonly pictures: readonly Uint8Array[];
  /** Test examples in all. */
  readonly tested: number;
}

export interface InspectionResult {
  readonly arm: string;
  /** The arm there. */
  readonly checkpoint: Checkpoint;
  readonly answer?: number | undefined;
  readonly probabilities?: Float32Array | undefined;
  readonly inside?: Inside | undefined;
}

export type Report =
  | { readonly kind: 'ready'; readonly variant: Variant }
  /** The arm is on its way to so many steps, and can go on from here; all that it has measured is in the checkpoint. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint; readonly steps: number }
  | { readonly kind: 'arm'; readonly record: ArmRecord }
  | { readonly kind: 'seen'; readonly sight: InspectionResult }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };
