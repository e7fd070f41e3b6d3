// Commands whose code is small: loaded together, for a file more costs Node more time than a few lines more.
export * as compare from './compare.ts';
export * as completion from './completion.ts';
export * as doctor from './doctor.ts';
export * as list from './list.ts';
export * as plot from './plot.ts';
export * as run from './run.ts';
export * as verify from './verify.ts';
export * as worker from './worker.ts';
