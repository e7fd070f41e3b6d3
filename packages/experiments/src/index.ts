// The experiments of Descent, for the command line and the page. SVG is in `@descent/experiments/svg`.
export type { Device, DeviceOptions, Gunzip, Variant, VariantInfo } from '@descent/nn';
export { availableVariants, DataError, loadDevice, variants } from '@descent/nn';
export type { ImageData, ImageFiles, ImageOptions, LabelledImages, NamedBytes, Sha256 } from '@descent/nn/data';
export {
  checkOriginal,
  collectImageFiles,
  findImageFiles,
  idxHeader,
  imageFileRole,
  imageFiles,
  imagesFrom,
  loadImages,
  MAX_CLASSES,
  mnistDigest,
  mnistFrom,
  mnistSha256,
  parseImages,
  readIdxHeader,
} from '@descent/nn/data';
export { experiments, findExperiment, UnknownExperimentError } from './catalog/index.ts';
export type { Lesson, Statement } from './catalog/shared/lesson.ts';
export type { Experiment, Heading } from './experiment.ts';
export { headingOf, pageFigures, parseExperimentOptions } from './experiment.ts';
export type {
  Axis,
  BarPanel,
  Curve,
  Figure,
  Gap,
  HeightMap,
  HistogramPanel,
  LinePanel,
  Note,
  Panel,
  PanelMark,
  PathPanel,
  ScatterPanel,
} from './figure/figure.ts';
export { nameAt, toVertical } from './figure/figure.ts';
export type { Mark } from './figure/marks.ts';
export { copyAxes, followAxes } from './figure/still-axes.ts';
export type { TerminalOptions } from './figure/terminal/render-terminal.ts';
export { renderTerminal } from './figure/terminal/render-terminal.ts';
export { clip, displayWidth, padEnd, padStart } from './figure/text-width.ts';
export { catalogs } from './i18n/index.ts';
export type { Catalogs, Values } from './i18n/messages.ts';
export { createMessages } from './i18n/messages.ts';
export { didYouMean, nearest } from './nearest.ts';
export type {
  BooleanOption,
  EnumOption,
  FloatOption,
  IntOption,
  IntsOption,
  NamesOption,
  Option,
  OptionGroup,
  Options,
  OptionValue,
  Schema,
  ValueOf,
} from './options/options.ts';
export {
  describeRange,
  formatOption,
  hasEffect,
  OptionError,
  optionGroups,
  parseOption,
  parseOptions,
  toFlag,
  toOption,
} from './options/options.ts';
export { seedOption } from './options/seed.ts';
export type { PoolOptions, WorkerHandle } from './pool.ts';
export { WorkerPool } from './pool.ts';
export type { PackedError, WorkerEnvironment, WorkerMessage, WorkerRequest, WorkerResponse } from './protocol.ts';
export { createRequestHandler } from './protocol.ts';
export type { RunFacts } from './record/assemble.ts';
export { assembleRecord } from './record/assemble.ts';
export type { Assessment, Claim, Effect, EvidenceRow, Finding } from './record/claims.ts';
export { assessClaims, evidenceTable, verdicts } from './record/claims.ts';
export { digestBytes } from './record/digest.ts';
export type { FinalRow, FinalTable, Summary } from './record/final-table.ts';
export { finalTable, formatNumber, formatSummary, statusText } from './record/final-table.ts';
export { encodeFloat } from './record/float32.ts';
export { curveName, measureName } from './record/measure-name.ts';
export type { Predict, PredictChoice, PredictOutcome } from './record/predict.ts';
export { decide } from './record/predict.ts';
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
export { isComplete, noData, RecordError } from './record/record.ts';
export type { Difference } from './record/verify.ts';
export { compareRecords } from './record/verify.ts';
export type { CompletedTrial } from './search/figures/completed-trials.ts';
export { completedTrials } from './search/figures/completed-trials.ts';
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
export { bestTable, findEdges, isAllRandom, roundsTable } from './search/summary.ts';
export type { Trial, TrialState } from './search/trial.ts';
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
export { checkArms, getDataExtent, isLarge } from './training/check-arms.ts';
export { histogram } from './training/distribution.ts';
export { recordedEpoch } from './training/epoch.ts';
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
  LayerOutputs,
  LayerView,
  Misclassified,
  Mode,
  NetworkView,
  ParameterView,
  Predictions,
  WeightImages,
} from './training/inspect.ts';
export { examplesFrom, firstWeights, inspect, misclassified, predict } from './training/inspect.ts';
export type { MonitorOptions, Observation } from './training/monitor.ts';
export { RoundRobin } from './training/round-robin.ts';
export type { RunScheduleOptions } from './training/schedule.ts';
export { createSchedule, notStarted, runSchedule } from './training/schedule.ts';
export type { PlannedArm, Schedule, Segment } from './training/segment.ts';
export type { Checkpoint, FinalState, TrainingContext } from './training/training.ts';
export { CheckpointError, Training } from './training/training.ts';
