// The benchmark's own entry, `@descent/experiments/bench`: that of nn, and whole experiments. Command line and page build on it.
export type {
  BenchReport,
  Comparison,
  Host,
  KernelRow,
  KernelsBenchOptions,
  KernelsReport,
  LoopRate,
  Noise,
  Profile,
  ProfileRow,
  Roofline,
  StepBenchOptions,
  StepReport,
  StepRow,
  StreamRate,
  Timed,
} from '@descent/nn/bench';
export { benchKernels, benchStep, compareRows, profileStep, rowName, WrongKernelError } from '@descent/nn/bench';
export type { ExperimentsBenchOptions } from './experiments.ts';
export { benchExperiments } from './experiments.ts';
export { benchFigures } from './figures.ts';
export type { ExperimentRow, ExperimentsReport, ThreadPool, TrialPool, TrialRow } from './rows.ts';
export type { TrialsBenchOptions } from './trials.ts';
export { benchTrials, hasTrials, withTrials } from './trials.ts';
export type { BenchView, BenchViewRoof, BenchViewRow, Ratio } from './view.ts';
export { packView, speedupOf, unpackView, viewOf } from './view.ts';
