// What the page and the worker of the benchmark say to each other.
import type { KernelsReport, StepReport } from '@descent/experiments/bench';
import type { Images } from '../images/images.ts';

export type SuiteName = 'kernels' | 'step';
export type Report = KernelsReport | StepReport;

export interface BenchOrder {
  readonly suite: SuiteName;
  readonly quick: boolean;
  /** Only rows whose name contains this. */
  readonly only: string;
  /** What steps train on. */
  readonly images?: Images;
  readonly environment: Readonly<Record<string, string>>;
}

export type BenchNews =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly report: Report }
  | { readonly kind: 'failed'; readonly message: string };
