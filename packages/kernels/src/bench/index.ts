// The entry `@descent/kernels/bench`: measurement, and the kernels suite.

export { WrongKernelError } from './call.ts';
export type { KernelRow, KernelsBenchOptions, KernelsReport } from './kernels.ts';
export { benchKernels } from './kernels.ts';
export type { Candidate, Host, MeasurementPlan } from './measure.ts';
export { measureInterleaved } from './measure.ts';
export type { BenchReport, Comparison, Noise, Timed } from './report.ts';
export { compareRows, createReport, roundTo5Digits, rowName } from './report.ts';
export type { LoopRate, Roofline, StreamRate } from './roofline.ts';
export { shapeOfCall } from './workloads.ts';
