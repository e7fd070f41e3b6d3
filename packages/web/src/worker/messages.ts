// Plain data that the page and its workers exchange.
import type { ArmSpec, Checkpoint, Histogram, Misclassified, Variant, WeightImages } from '@descent/experiments';
import type { Images } from '../images/images.ts';

/** The kernels and data of a worker. */
export interface EnvironmentPlan {
  readonly variant?: Variant;
  readonly images?: Images;
}

/** A request to inspect the network of an arm after a number of steps. */
export interface InspectionRequest {
  readonly arm: ArmSpec;
  /** A checkpoint at or before `step`. Without it the arm is trained from the beginning. */
  readonly checkpoint?: Checkpoint | undefined;
  readonly step: number;
  /** Rows and columns of an image. */
  readonly imageShape: readonly [rows: number, columns: number];
  /** An image to classify. */
  readonly pixels?: Uint8Array | undefined;
  /** Whether to include the layers and the misclassified images. */
  readonly isThorough: boolean;
}

export interface NamedHistogram extends Histogram {
  readonly name: string;
  /** Number of values, including those that are not finite. */
  readonly total: number;
}

/** Weights, layers and misclassified images of a network. */
export interface Inside {
  /** Digest of the arm at this step, as in its record. */
  readonly digest: string;
  /** Weights of the first units as images; `units` is the number of all units. */
  readonly weights: WeightImages;
  readonly units: number;
  readonly activations: readonly NamedHistogram[];
  readonly gradients: readonly NamedHistogram[];
  /** Misclassified test images in descending order of probability. */
  readonly mistakes: readonly Misclassified[];
  /** Pixels of the first of them. */
  readonly pictures: readonly Uint8Array[];
  /** Number of test examples. */
  readonly tested: number;
}

export interface InspectionResult {
  readonly arm: string;
  /** The arm at this step. */
  readonly checkpoint: Checkpoint;
  readonly answer?: number | undefined;
  readonly probabilities?: Float32Array | undefined;
  readonly inside?: Inside | undefined;
}
