// The entry `@descent/experiments/bench`: the three suites of the benchmark, and their reports as tables and figures.
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
} from '@descent/nn/bench';
export { benchKernels, compareRows, createReport, rowName, WrongKernelError } from '@descent/nn/bench';
export type {
  BenchPool,
  ExperimentRow,
  ExperimentsBenchOptions,
  ExperimentsReport,
  RunWorkload,
  TrialRow,
} from './experiments.ts';
export { benchExperiments, selectWorkloads } from './experiments.ts';
export { benchFigures } from './figures.ts';
export type { Phase, Profile, ProfileRow } from './profile.ts';
export type { StepBenchOptions, StepReport, StepRow } from './step.ts';
export { benchStep } from './step.ts';
export type { BenchTable } from './tables.ts';
export { benchTables, formatDigits, formatPercent, formatPlusMinus } from './tables.ts';
