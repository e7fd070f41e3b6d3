// The benchmark's own entry, `@descent/kernels/bench`: nobody who trains loads it.

export { WrongKernelError } from './call.ts';
export type { Comparison } from './compare.ts';
export { compareRows, rowName } from './compare.ts';
export { shuffle } from './hash.ts';
export type { KernelRow, KernelsBenchOptions, KernelsReport } from './kernels.ts';
export { benchKernels, benchRules } from './kernels.ts';
export type { Candidate, Host, MeasurementPlan } from './measure.ts';
export { hostLike, measureInterleaved } from './measure.ts';
export type { BenchReport, Noise } from './report.ts';
export { noiseOf } from './report.ts';
export type { LoopRate, Roofline, StreamRate } from './roofline.ts';
export type { Timed } from './statistics.ts';
export { roundTo4Digits, summarize } from './statistics.ts';
export { leadingSizes, shapeOfCall } from './workloads.ts';
