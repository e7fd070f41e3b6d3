// Files of runs for other programs: `@descent/experiments/formats`, apart from the rest so that a page does not pay for it.

export type { NetworkHistograms, TaggedHistogram } from '../training/histograms.ts';
export { createHistogramReader as createHistogramProbe } from '../training/histograms.ts';
export type { NetworkFile, Origin } from './checkpoint-file.ts';
export { readCheckpoint, readNetwork, writeCheckpoint, writeOnnx, writeWeights } from './checkpoint-file.ts';
export type { NpyFile } from './npy.ts';
export { npyFiles } from './npy.ts';
export { writeOptunaJournal } from './optuna-journal.ts';
export type { Table } from './tables.ts';
export { seriesTable, toCsv, toJson, trialTable } from './tables.ts';
export type { BegunEvents, ResumedEvents } from './tensorboard.ts';
export { ArmEvents, settingsOf } from './tensorboard.ts';
