// The plan of a run: made once, from flags or from the journal of an interrupted run.
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, release, type } from 'node:os';
import { resolve } from 'node:path';
import {
  createSchedule,
  type Experiment,
  type Lang,
  type Schedule,
  seedOption,
  toFlag,
  type Variant,
} from '@descent/experiments';
import type { JournalHeader } from '@descent/experiments/records';
import { dataError, usageError } from '../exit.ts';
import { badValue, checkReplayable, readExperiment, readNumber, readVariant } from '../flags.ts';
import { badConfig, readConfig, readOptions } from '../options.ts';
import { type QueueAddress, readAddress } from '../queue/address.ts';
import { isFolder, notWritable } from '../store/files.ts';
import { RunFolder } from '../store/run-folder.ts';
import type { EnvironmentPlan } from './environment.ts';

declare const DESCENT_VERSION: string;

/** A run of an experiment, with one seed or several. `F` is the type of its folder: a replay has none. */
export interface RunPlan<F extends RunFolder | undefined = RunFolder | undefined> {
  readonly experiment: Experiment;
  /** One per seed. */
  readonly runs: readonly PlannedRun[];
  readonly environment: EnvironmentPlan;
  readonly jobs: number;
  /** The queue whose workers train the arms; missing: this process trains them. */
  readonly queue?: QueueAddress;
  /** Milliseconds between checkpoints of an arm; missing: only at an interruption. */
  readonly checkpointEvery?: number;
  /** The folder of event files, if any. */
  readonly tensorboard?: string;
  /** Opens the folder of the run, when the data are known. @throws Exit if they are not the data that it began with */
  openFolder(data: JournalHeader['data']): F;
}

/** The settings of a run. Those of a new run do not name the data yet. */
type RunSettings = Omit<JournalHeader, 'data' | 'variant'> & { data?: JournalHeader['data']; variant: Variant };

/** The run of one seed. */
export interface PlannedRun {
  readonly settings: RunSettings;
  /** Its arms. */
  readonly schedule: Schedule;
}

/** The flags of `descent run` as commander returns them, with the options of the experiment. */
export interface RunFlags extends Readonly<Record<string, unknown>> {
  readonly seed?: string;
  readonly seeds?: string;
  readonly config?: string;
  readonly printConfig?: boolean;
  readonly data?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly checkpointEvery?: string;
  readonly checkpoints?: string;
  readonly tensorboard?: string;
  readonly jobs?: string;
  readonly queue?: string;
  readonly variant?: string;
  readonly checkClaims?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly lang: Lang;
}

/** Flags that do not change the result, so that a resumed run can have others. */
const CHANGEABLE = [
  'resume',
  'tensorboard',
  'checkpointEvery',
  'data',
  'jobs',
  'queue',
  'json',
  'quiet',
  'lang',
  'checkClaims',
];
/** What a `--config` file can set besides the options of the experiment. */
const SETTINGS = ['seed', 'seeds', 'jobs', 'out', 'data'] as const;
/** Flags that a `--config` file cannot set. */
const TYPED_ONLY = ['variant', 'checkpoints', 'config', 'printConfig', ...CHANGEABLE];

interface Settings {
  /** As typed, with the settings of the file for those that are not. */
  readonly flags: RunFlags;
  readonly options: JournalHeader['options'];
  readonly seed: number;
  readonly seeds: number;
}

/** Reads the settings of a run. Command-line options override those of the `--config` file. */
function readSettings(experiment: Experiment, typed: RunFlags): Settings {
  const config = readConfig(typed.config);
  const settings = SETTINGS.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]] as const]));
  for (const name of SETTINGS) delete config[name];
  for (const [name, value] of settings)
    if (['out', 'data'].includes(name) && (typeof value !== 'string' || value.trim() === ''))
      throw badConfig(typed.config ?? '', `expected ${name} to be a path but got ${JSON.stringify(value)}`);
  const typedOnly = Object.keys(config).find((name) => TYPED_ONLY.includes(name) && !(name in experiment.options));
  if (typedOnly) throw badConfig(typed.config ?? '', `${toFlag(typedOnly)} is for the command line only`);
  const flags = { ...Object.fromEntries(settings), ...typed } as RunFlags;
  const options = readOptions(experiment, typed, config);
  const [seed, seeds] = [readNumber('seed', flags.seed), readNumber('seeds', flags.seeds)];
  if (seed + seeds - 1 > seedOption.max)
    throw badValue('--seeds', String(seeds), `at most ${seedOption.max - seed + 1} from seed ${seed}`);
  return { flags, options, seed, seeds };
}

/** Returns the `--config` file of a run as JSON: every option, the seed, and the other settings that were given. */
export function formatConfig(experiment: Experiment, typed: RunFlags): string {
  const { flags, options, seed, seeds } = readSettings(experiment, typed);
  const { out, data, jobs } = flags;
  const given = { seeds: flags.seeds && seeds, jobs: jobs && readNumber('jobs', jobs), out, data };
  // JSON has −0 only as text.
  return JSON.stringify({ seed, ...given, ...options }, (_, value) => (Object.is(value, -0) ? '-0' : value), 2);
}

/** Plans a new run. */
export function planRun(experiment: Experiment, typed: RunFlags): RunPlan<RunFolder> {
  const { flags, options, seed, seeds } = readSettings(experiment, typed);
  const { checkpoints, out } = flags;
  const source = resolveSource(experiment, flags.data);
  const environment = { ...describeMachine(), ...(source && { source }), ...(checkpoints && { checkpoints }) };
  const common = { experiment: experiment.name, options, variant: readVariant(flags.variant), environment };
  const settings = Array.from({ length: seeds }, (_, index) => ({ ...common, seed: seed + index }));
  const name = `${experiment.name}-${seeds > 1 ? `seeds${seed}to${seed + seeds - 1}` : `seed${seed}`}`;
  return {
    ...planTraining(experiment, settings, flags),
    openFolder(data) {
      const headers = settings.map((each) => ({ ...each, data }));
      return RunFolder.create(headers, name, out);
    },
  };
}

/** Plans the rest of a run from its folder, with the options, seeds and variant that it began with. */
export function planResume(named: string | undefined, flags: RunFlags): RunPlan<RunFolder> {
  const fixed = Object.keys(flags).find((flag) => !CHANGEABLE.includes(flag));
  if (fixed !== undefined) throw fixedByJournal(toFlag(fixed));
  const folder = RunFolder.resume(flags.resume as string);
  try {
    const headers = folder.journals.map(({ header }) => header);
    const [{ experiment: name, variant, environment: origin }] = headers as [JournalHeader];
    if (named !== undefined && named !== name) throw fixedByJournal(named);
    checkVersion(origin.descent);
    checkReplayable(variant);
    const settings = headers.map((header) => ({ ...header, variant: readVariant(variant) }));
    return {
      ...planTraining(readExperiment(name), settings, { ...flags, data: flags.data ?? origin.source }),
      openFolder(data) {
        const other = headers.find((header) => header.data.sha256 !== data.sha256);
        if (other) throw otherData(other.data.sha256, data.sha256);
        return folder;
      },
    };
  } catch (error) {
    folder.close(false);
    throw error;
  }
}

const fixedByJournal = (flag: string) =>
  usageError(`--resume takes its options from the journal, so ${flag} cannot be given`, `leave ${flag} out`);

/** @throws Exit unless this version began the run: other versions can have other arms or results */
function checkVersion(origin: string | undefined): void {
  if (origin === DESCENT_VERSION) return;
  throw usageError(
    `the run was started with ${origin ? `version ${origin}` : 'an unknown version'}, but this is version ` +
      `${DESCENT_VERSION}; all arms of a run must have the same version`,
    origin ? `resume it with version ${origin}, or start it again` : 'start it again',
  );
}

/** Creates the error for data that are not those of a record or journal. @param expected SHA-256, as is `got` */
export const otherData = (expected: string, got: string) =>
  dataError(
    `expected the data of the record (sha256 ${expected.slice(0, 12)}…) but got sha256 ${got.slice(0, 12)}…`,
    'name the folder of the original data: --data DIR',
  );

type TrainingFlags = Pick<RunFlags, 'data' | 'jobs' | 'queue' | 'checkpointEvery' | 'tensorboard'>;

/** Plans what new runs, resumed runs and replays have in common: the arms, and where they are trained. */
export function planTraining(
  experiment: Experiment,
  settings: readonly RunSettings[],
  { data, jobs, queue, checkpointEvery, tensorboard }: TrainingFlags,
): Omit<RunPlan, 'openFolder'> {
  if (queue !== undefined && jobs !== undefined)
    throw usageError(
      '--jobs cannot be used with --queue: each worker has its own, descent worker --jobs',
      'without --queue and DESCENT_QUEUE, this process trains the arms',
    );
  if (tensorboard !== undefined && existsSync(tensorboard) && !isFolder(tensorboard))
    throw notWritable(tensorboard, 'it is a file');
  const [{ options, variant }] = settings as [RunSettings];
  const runs = settings.map((each) => {
    return { settings: each, schedule: createSchedule(experiment, each.options as never, each.seed) };
  });
  const hasInterval = checkpointEvery !== undefined || queue === undefined;
  return {
    experiment,
    runs,
    environment: {
      variant,
      source: resolveSource(experiment, data),
      classes: (options as { classes?: number }).classes ?? 10,
      // This process records histograms for the event files.
      isWatched: tensorboard !== undefined && queue === undefined,
    },
    jobs: queue === undefined ? countThreads(experiment, runs, jobs) : 1,
    queue: queue === undefined ? undefined : readAddress(queue),
    checkpointEvery: hasInterval ? 1_000 * readNumber('checkpointEvery', checkpointEvery) : undefined,
    tensorboard,
  };
}

/** Returns `mnist` or the absolute path of a folder; undefined if the experiment needs no data. */
function resolveSource({ data }: Experiment, typed = 'mnist'): string | undefined {
  if (data === 'none') return undefined;
  return typed === 'mnist' ? typed : resolve(typed);
}

/** More threads by default would need more memory rather than less time. */
const MAX_DEFAULT_JOBS = 8;

/** Returns the number of threads: by default one per core, but one if the arms take no time; never more than arms. */
function countThreads(experiment: Experiment, runs: readonly PlannedRun[], typed: string | undefined): number {
  const arms = runs.reduce((sum, { schedule }) => sum + schedule.planned.length, 0);
  if (typed !== undefined) return Math.min(readNumber('jobs', typed), arms);
  return experiment.data === 'none' ? 1 : Math.min(availableParallelism(), MAX_DEFAULT_JOBS, arms);
}

/** Returns the engine, system, processor and version of a record; no digest depends on them. */
export function describeMachine(): Record<string, string> {
  const cpu = cpus()[0]?.model.trim() || process.arch;
  return {
    runtime: `node ${process.versions.node}`,
    os: `${type()} ${release()} ${process.arch}`,
    cpu,
    descent: DESCENT_VERSION,
  };
}
