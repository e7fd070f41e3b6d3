// Experiments of Descent: what the command line and the page build on. SVG is apart, in `@descent/experiments/svg`.
export type {
  Device,
  DeviceOptions,
  Gunzip,
  ImageData,
  ImageFiles,
  ImageOptions,
  NamedBytes,
  Sha256,
  Variant,
  VariantInfo,
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
export type { Experiment } from './experiment.ts';
export { optionsFor } from './experiment.ts';
export type {
  Axis,
  BarPanel,
  Curve,
  Figure,
  HeightMap,
  HistogramPanel,
  LinePanel,
  Panel,
  PathPanel,
  ScatterPanel,
} from './figure/figure.ts';
export { nameAt, upright } from './figure/figure.ts';
export { figuresOver } from './figure/over-seeds.ts';
export type { TerminalOptions } from './figure/terminal/render-terminal.ts';
export { renderTerminal } from './figure/terminal/render-terminal.ts';
export { clip, displayWidth, padEnd, padStart } from './figure/text-width.ts';
export type { Lesson, Statement } from './lessons/lesson.ts';
export { didYouMean, nearest } from './nearest.ts';
export type { OpenedRecord } from './open-record.ts';
export { checkExtent, openRecord, optionsOf } from './open-record.ts';
export type {
  BooleanOption,
  EnumOption,
  FloatOption,
  IntOption,
  IntsOption,
  NamesOption,
  Option,
  Options,
  OptionValue,
  Schema,
  ValueOf,
} from './options.ts';
export { describeRange, formatOption, OptionError, parseOption, parseOptions, toFlag, toOption } from './options.ts';
export type { RunFacts } from './record/assemble.ts';
export { assembleRecord } from './record/assemble.ts';
export type { Claim, Finding } from './record/claims.ts';
export { verdicts } from './record/claims.ts';
export { digestBytes } from './record/digest.ts';
export type { EvidenceRow } from './record/evidence.ts';
export { evidenceRows } from './record/evidence.ts';
export type { FinalRow, Finals, Summary } from './record/finals.ts';
export { endingOf, finalsOf, formatSummary, short } from './record/finals.ts';
export { encodeFloat } from './record/float32.ts';
export { parseRecord, stringifyRecord } from './record/json.ts';
export { curveName, measureName } from './record/measure-name.ts';
export type {
  ArmRecord,
  DataName,
  Divergence,
  Histogram,
  Pruned,
  RunRecord,
  Series,
  Verdict,
} from './record/record.ts';
export { noData, RecordError } from './record/record.ts';
export type { Departure } from './record/trail.ts';
export { departureFrom, trailOf } from './record/trail.ts';
export type { Difference } from './record/verify.ts';
export { compareRecords } from './record/verify.ts';
export { experiments, findExperiment, UnknownExperimentError } from './registry.ts';
export type { ConductOptions } from './schedule.ts';
export { conduct, scheduleOf, unbegun } from './schedule.ts';
export type { Tried } from './search/figures/tried.ts';
export { triedIn } from './search/figures/tried.ts';
export type { Leg, PlannedArm, Schedule } from './search/leg.ts';
export type { HalvingSpec, MedianSpec, NoPrunerSpec, PrunerSpec } from './search/pruner.ts';
export type { NarrowingSpec, PlainSamplerSpec, SamplerSpec, TpeSpec } from './search/samplers/sampler.ts';
export type {
  CategoricalDimension,
  Condition,
  Dimension,
  FloatDimension,
  IntDimension,
  Point,
  Space,
} from './search/space.ts';
export type { Study } from './search/study.ts';
export type { Edge, SummaryTable } from './search/summary.ts';
export { bestTable, edgesOf, isAllRandom, roundsTable } from './search/summary.ts';
export type { Trial, TrialState } from './search/trial.ts';
export { seedOption } from './seed.ts';
export type { Lang, Text } from './text.ts';
export { langs } from './text.ts';
export type {
  Activation,
  ActivationsTask,
  AdagradSpec,
  AdamSpec,
  ArmSpec,
  ClassifierTask,
  ConvnetSpec,
  Dialect,
  InitSpec,
  NetworkSpec,
  Norm,
  NormalInitSpec,
  OptimizerSpec,
  Part,
  PerceptronSpec,
  RecurrentSpec,
  RMSpropSpec,
  ScaledInitSpec,
  SGDSpec,
  SurfaceTask,
} from './training/arm.ts';
export type { DataExtent } from './training/check-arms.ts';
export { checkArms, extentOf, isLarge } from './training/check-arms.ts';
export { histogramOf } from './training/distribution.ts';
export type {
  ArmEvent,
  CheckpointEvent,
  ExecuteOptions,
  Executor,
  ExecutorContext,
  ProgressEvent,
  RunEvent,
} from './training/executor.ts';
export { createExecutor } from './training/executor.ts';
export type {
  Answers,
  LayerOutputs,
  LayerView,
  Mistake,
  Mode,
  NetworkView,
  ParameterView,
  WeightImages,
} from './training/inspect.ts';
export { examplesFrom, firstWeights, inspect, mistakes, predict } from './training/inspect.ts';
export type { Checkpoint, FinalState, TrainingContext } from './training/training.ts';
export { CheckpointError, Training } from './training/training.ts';
export type { Sight, WatchPlan } from './training/watch.ts';
export type { JournalHeader, ResumePoint } from './wire/journal.ts';
export { armLine, checkpointLine, endLine, resumeFrom, sealed, startLine } from './wire/journal.ts';
