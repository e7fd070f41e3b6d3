// What a run is asked to do, from flags or from the journal of an interrupted one.
import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type Experiment, type JournalHeader, seedOption, toFlag, type Variant } from '@descent/experiments';
import {
  badConfig,
  badValue,
  fixedWhenResumed,
  notWithQueue,
  notWritable,
  otherData,
  otherVersion,
} from '../errors.ts';
import { readExperiment, readNumber, readVariant } from '../flags.ts';
import { readConfig, readOptions } from '../options.ts';
import { readAddress } from '../queue/address.ts';
import { RunFolder } from '../store/run-folder.ts';
import type { Request } from './execute.ts';
import { environment, schedulesOf } from './session.ts';

/** The flags of `descent run` as commander gives them; options of the experiment are among them. */
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
  readonly lang: 'en' | 'ko' | 'ja';
}

/** More threads by default would cost memory rather than save time. */
const MOST_DEFAULT_JOBS = 8;

/** What `--config` takes beside the options of the experiment. */
const SETTINGS = ['seed', 'seeds', 'jobs', 'out', 'data'] as const;

interface Settings {
  /** As typed, with the settings of the file where none is typed. */
  readonly flags: RunFlags;
  readonly options: JournalHeader['options'];
  readonly seed: number;
  readonly seeds: number;
}

/** Reads the settings of a run: command-line options override those of the `--config` file. */
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
export function configOf(experiment: Experiment, typed: RunFlags): string {
  const { flags, options, seed, seeds } = readSettings(experiment, typed);
  const { out, data, jobs } = flags;
  const given = { seeds: flags.seeds && seeds, jobs: jobs && readNumber('jobs', jobs), out, data };
  // JSON has no −0 but as text.
  return JSON.stringify({ seed, ...given, ...options }, (_, value) => (Object.is(value, -0) ? '-0' : value), 2);
}

export function newRequest(experiment: Experiment, typed: RunFlags): Request<RunFolder> {
  const { flags, options, seed, seeds } = readSettings(experiment, typed);
  const runs = Array.from({ length: seeds }, (_, index) => ({ options, seed: seed + index }));
  const variant = readVariant(flags.variant);
  const name = `${experiment.name}-${seeds > 1 ? `seeds${seed}to${seed + seeds - 1}` : `seed${seed}`}`;
  const source = sourceOf(experiment, flags.data);
  return {
    experiment,
    runs,
    ...logging({ variant, source }, flags),
    ...placeOf(experiment, runs, flags),
    open: (data) =>
      RunFolder.create(
        runs.map((run) => headerOf(experiment, run, { data, variant, source, checkpoints: flags.checkpoints })),
        name,
        flags.out,
      ),
  };
}

function headerOf(
  { name }: Experiment,
  run: Pick<JournalHeader, 'options' | 'seed'>,
  { data, variant, source, checkpoints }: Pick<JournalHeader, 'data' | 'variant'> & HowToGoOn,
): JournalHeader {
  const later = { ...(source && { source }), ...(checkpoints && { checkpoints }) };
  return { experiment: name, ...run, data, variant, environment: { ...environment(), ...later } };
}

/** What whoever resumes the run needs to know, and no record tells. */
interface HowToGoOn {
  readonly source: string | undefined;
  readonly checkpoints: string | undefined;
}

/** The run of a folder; its options, seeds and variant are those it began with. */
export function resumedRequest(named: string | undefined, flags: RunFlags): Request<RunFolder> {
  const fixed = Object.keys(flags).find((flag) => !mayChange.includes(flag));
  if (fixed !== undefined) throw fixedWhenResumed(toFlag(fixed));
  const folder = RunFolder.resume(flags.resume as string);
  const headers = folder.notes.map(({ header }) => header);
  const [{ experiment: name, variant, environment: origin }] = headers as [JournalHeader];
  if (named !== undefined && named !== name) throw fixedWhenResumed(named);
  const { descent = '' } = environment();
  const older = origin.descent !== undefined && origin.descent !== descent ? origin.descent : undefined;
  if (older !== undefined) throw otherVersion(older, descent);
  const experiment = readExperiment(name);
  return {
    experiment,
    runs: headers,
    ...logging({ variant: readVariant(variant), source: sourceOf(experiment, flags.data ?? origin.source) }, flags),
    ...placeOf(experiment, headers, flags),
    open: (data) => {
      const other = headers.find((header) => header.data.sha256 !== data.sha256);
      if (other) throw otherData(other.data.sha256, data.sha256);
      return folder;
    },
  };
}

/** What does not touch the result. */
const mayChange = [
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

/** What a `--config` file cannot set, though the command line can. */
const TYPED_ONLY = ['variant', 'checkpoints', 'config', 'printConfig', ...mayChange];

/** The workbench, with eyes where there is something to write down what they see. */
function logging(
  bench: { variant: Variant; source: string | undefined },
  { tensorboard, queue }: RunFlags,
): Pick<Request<RunFolder>, 'environment' | 'openLogs'> {
  const { variant, source } = bench;
  const plan = { variant, ...(source !== undefined && { source }) };
  if (tensorboard === undefined) return { environment: plan };
  if (existsSync(tensorboard) && !statSync(tensorboard).isDirectory()) throw notWritable(tensorboard, 'it is a file');
  return {
    environment: { ...plan, isWatched: queue === undefined },
    openLogs: async ({ notes }) => (await import('./tensorboard.ts')).openLogs(tensorboard, notes, plan),
  };
}

/** `mnist`, or a folder from wherever one stands. */
export function sourceOf({ data }: Experiment, typed = 'mnist'): string | undefined {
  if (data === 'none') return undefined;
  return typed === 'mnist' ? typed : resolve(typed);
}

/** One thread where the arms take no time; else one a core, but none that would have nothing to do. */
function jobsFor(experiment: Experiment, runs: Request['runs'], typed: string | undefined): number {
  const arms = schedulesOf(experiment, runs).flatMap(({ planned }) => planned).length;
  const wanted = typed === undefined ? Math.min(availableParallelism(), MOST_DEFAULT_JOBS) : readNumber('jobs', typed);
  return typed === undefined && experiment.data === 'none' ? 1 : Math.min(wanted, arms);
}

interface PlaceFlags {
  readonly jobs?: string | undefined;
  readonly queue?: string | undefined;
  readonly checkpointEvery?: string | undefined;
}

/** Where arms run: on threads of this machine, or wherever a worker takes them from a queue. */
export function placeOf(
  experiment: Experiment,
  runs: Request['runs'],
  { jobs, queue, checkpointEvery }: PlaceFlags,
): Pick<Request, 'jobs' | 'queue' | 'checkpointEvery'> {
  const seconds = checkpointEvery !== undefined || queue === undefined;
  const every = seconds && { checkpointEvery: 1_000 * readNumber('checkpointEvery', checkpointEvery) };
  if (queue === undefined) return { jobs: jobsFor(experiment, runs, jobs), ...every };
  if (jobs !== undefined) throw notWithQueue('--jobs', 'workers have their own, descent worker --jobs');
  return { queue: readAddress(queue), jobs: 1, ...every };
}
