// Experiments of Descent: what the command line and the page build on. SVG is apart, in `@descent/experiments/svg`.
export type {
  Device,
  DeviceOptions,
  ImageData,
  ImageFiles,
  ImageOptions,
  NamedBytes,
  Sha256,
  Variant,
} from '@descent/nn';
export {
  availableVariants,
  checkOriginal,
  DataError,
  imageFiles,
  imagesFrom,
  loadDevice,
  mnistDigest,
  mnistFrom,
  mnistSha256,
  parseIdx,
  placeImages,
  variants,
} from '@descent/nn';
export type {
  Activation,
  ActivationsTask,
  ArmSpec,
  ClassifierTask,
  Dialect,
  InitSpec,
  OptimizerSpec,
  PerceptronSpec,
  SurfaceTask,
} from './arm.ts';
export type { Claim, Finding } from './claims.ts';
export { verdicts } from './claims.ts';
export { digestBytes } from './digest.ts';
export { histogramOf } from './distribution.ts';
export type { EvidenceRow } from './evidence.ts';
export { evidenceRows } from './evidence.ts';
export type { ExecuteOptions, Executor, RunEvent } from './executor.ts';
export { createExecutor } from './executor.ts';
export type { Experiment } from './experiment.ts';
export { optionsFor } from './experiment.ts';
export type {
  Axis,
  BarPanel,
  Curve,
  Figure,
  HistogramPanel,
  LinePanel,
  Panel,
  PathPanel,
  ScatterPanel,
} from './figure.ts';
export { upright } from './figure.ts';
export { figuresOver } from './figures.ts';
export type { FinalRow, Summary } from './finals.ts';
export { endingOf, finalsOf, formatSummary, short } from './finals.ts';
export type { Answers, LayerView, Mistake, Mode, NetworkView, ParameterView, WeightImages } from './inspect.ts';
export { examplesFrom, firstWeights, inspect, mistakes, predict } from './inspect.ts';
export type { JournalHeader, ResumePoint } from './journal.ts';
export { armLine, checkpointLine, endLine, resumeFrom, sealed, startLine } from './journal.ts';
export type { Lesson, Statement } from './lesson.ts';
export { measureName } from './measure-name.ts';
export type { OpenedRecord } from './open-record.ts';
export { openRecord, optionsOf } from './open-record.ts';
export type { NamesOption, Option, Options, OptionValue, Schema } from './options.ts';
export { describeRange, formatOption, OptionError, parseOption, parseOptions, toFlag } from './options.ts';
export type { ArmRecord, Histogram, RunFacts, RunRecord, Series, Verdict } from './record.ts';
export { assembleRecord, noData, parseRecord, RecordError, stringifyRecord } from './record.ts';
export { experiments, findExperiment, UnknownExperimentError } from './registry.ts';
export type { TerminalOptions } from './render-terminal.ts';
export { renderTerminal } from './render-terminal.ts';
export type { Leg, Schedule } from './search/leg.ts';
export type { ConductOptions } from './search/schedule.ts';
export { conduct, scheduleOf, unbegun } from './search/schedule.ts';
export { seedOption } from './settings/run.ts';
export type { Lang, Text } from './text.ts';
export { langs } from './text.ts';
export type { Departure } from './trail.ts';
export { departureFrom, trailOf } from './trail.ts';
export type { Checkpoint, FinalState, TrainingContext } from './training.ts';
export { CheckpointError, Training } from './training.ts';
export type { Difference } from './verify.ts';
export { compareRecords } from './verify.ts';
