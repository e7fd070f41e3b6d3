// Files of runs for other programs: `@descent/experiments/formats`, apart from the rest so that a page does not pay for it.
export type { NetworkFile, Origin } from './checkpoint-file.ts';
export { readCheckpoint, readNetwork, writeCheckpoint, writeWeights } from './checkpoint-file.ts';
