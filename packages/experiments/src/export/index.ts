// Files for other programs: `@descent/experiments/formats`, a separate entry so that the page does not load it.

export { createEventFile } from '@descent/nn/formats';
export { downsampleRecord } from '../figure/downsample-record.ts';
export type { NetworkHistograms, TaggedHistogram } from '../training/histograms.ts';
export { createHistogramReader } from '../training/histograms.ts';
export type { NetworkFile, Origin } from './checkpoint-file.ts';
export { readCheckpoint, readNetwork, writeCheckpoint, writeOnnx, writeWeights } from './checkpoint-file.ts';
export type { NpyFile } from './npy.ts';
export { npyFiles } from './npy.ts';
export { writeOptunaJournal } from './optuna-journal.ts';
export type { Table } from './tables.ts';
export { seriesTable, toCsv, toJson, trialTable } from './tables.ts';
export { ArmEvents, eventSettings } from './tensorboard.ts';
