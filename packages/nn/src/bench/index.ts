// The benchmark's own entry, `@descent/nn/bench`: that of the kernels, and the step of a network.
export type {
  BenchReport,
  Comparison,
  Host,
  KernelRow,
  KernelsBenchOptions,
  KernelsReport,
  LoopRate,
  Noise,
  Roofline,
  StreamRate,
  Timed,
} from '@descent/kernels/bench';
export {
  benchKernels,
  compareRows,
  noiseOf,
  rowName,
  shuffle,
  summarize,
  WrongKernelError,
} from '@descent/kernels/bench';
export type { EvaluationProfile, Profile, ProfileRow } from './profile.ts';
export { profileStep } from './profile.ts';
export type { StepBenchOptions, StepReport, StepRow } from './step.ts';
export { benchStep } from './step.ts';
export type { Phase } from './trainer.ts';
