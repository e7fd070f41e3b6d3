// The benchmark's own entry, `@descent/kernels/bench`: nobody who trains loads it.
export { shapeOfCall, sizesInFront } from './bouts.ts';
export { WrongKernelError } from './call.ts';
export type { Comparison } from './compare.ts';
export { compareRows, nameOf } from './compare.ts';
export type { KernelRow, KernelsBenchOptions, KernelsReport } from './kernels.ts';
export { benchKernels, benchRules } from './kernels.ts';
export type { BenchReport, Noise } from './report.ts';
export { noiseOf } from './report.ts';
export type { LoopRate, Roof, StreamRate } from './roof.ts';
export type { Contestant, Host, Plan } from './rounds.ts';
export { hostLike, takeTurns } from './rounds.ts';
export type { Timed } from './statistics.ts';
export { summarise, tidy } from './statistics.ts';
export { shuffle } from './words.ts';
