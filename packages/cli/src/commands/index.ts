// Small commands, loaded together: for Node, another file takes longer to load than a few more lines.
export * as compare from './compare.ts';
export * as completion from './completion.ts';
export * as doctor from './doctor.ts';
export * as list from './list.ts';
export * as plot from './plot.ts';
export * as run from './run.ts';
export * as verify from './verify.ts';
export * as worker from './worker.ts';
