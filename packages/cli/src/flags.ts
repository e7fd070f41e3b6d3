// Flags that several commands share, and how their values are read.
import { Option as Flag } from 'commander';
import {
  availableVariants,
  type Experiment,
  experiments,
  findExperiment,
  langs,
  seedOption,
  UnknownExperimentError,
  type Variant,
  variants,
} from '@descent/experiments';
import { badValue, unknownExperiment, variantMissing } from './errors.ts';

export const langFlag = () => new Flag('--lang <lang>', 'language of what you read').choices(langs).default('en');
export const dataFlag = () => new Flag('--data <mnist|DIR>', 'the four IDX files of MNIST, or those of a folder, gzipped or not');
export const jobsFlag = () => new Flag('--jobs <n>', 'threads; the result is the same for every number (default: one a core, at most one an arm)');
export const variantFlag = () =>
  new Flag('--variant <name>', `build of the kernels: ${Object.keys(variants).join(', ')} (default ${availableVariants()[0]})`);

const wholeNumbers = {
  '--jobs': { min: 1, max: 256 },
  '--seeds': { min: 1, max: 1_000 },
  '--seed': seedOption,
};

/** A whole number within the range of its flag. */
export function readWhole(flag: keyof typeof wholeNumbers, typed: string): number {
  const { min, max } = wholeNumbers[flag];
  const value = /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw badValue(flag, typed, `a whole number from ${min} to ${max}`);
}

/** A variant that this engine runs; the best deterministic one where none is named. */
export function readVariant(typed: string | undefined): Variant {
  const available = availableVariants();
  if (typed === undefined) return available[0] as Variant;
  const names = Object.keys(variants) as Variant[];
  const variant = names.find((name) => name === typed);
  if (!variant) throw badValue('--variant', typed, `one of ${names.join(', ')}`);
  if (available.includes(variant)) return variant;
  throw variantMissing(variant, available);
}

export function readExperiment(name: string): Experiment {
  try {
    return findExperiment(name);
  } catch (error) {
    if (!(error instanceof UnknownExperimentError)) throw error;
    throw unknownExperiment(name, error.nearest, experiments.map((experiment) => experiment.name));
  }
}

/** The value that follows a flag, before anything is parsed. */
export function peek(args: readonly string[], flag: string): string | undefined {
  const at = args.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  if (at < 0) return undefined;
  return args[at]?.includes('=') ? args[at]?.slice(flag.length + 1) : args[at + 1];
}
