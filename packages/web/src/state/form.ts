// The values of the form as typed, parsed and checked by the option schema of the experiment.

import {
  describeRange,
  type Experiment,
  formatOption,
  hasEffect,
  type Lang,
  type Option,
  OptionError,
  type OptionGroup,
  type Options,
  type OptionValue,
  optionGroups,
  parseOption,
  parseOptions,
  type RunRecord,
  type Schema,
  seedOption,
} from '@descent/experiments';
import { message } from '../i18n/index.ts';

export type FormValues = Readonly<Record<string, string>>;

/** Returns the options of the form: the options of the experiment and the seed. */
export function getFormSchema({ options, isSeeded = true }: Experiment): Schema {
  return { ...options, seed: { ...seedOption, when: () => isSeeded } };
}

type Entry = readonly [name: string, option: Option];

/** Returns the options of the form that can change the results with the given values, by their groups. */
export function groupOptions(experiment: Experiment, typed: FormValues): ReadonlyMap<OptionGroup, readonly Entry[]> {
  const entries = getEffectiveOptions(experiment, typed);
  return new Map(optionGroups.map((each) => [each, entries.filter(([, { group = 'training' }]) => group === each)]));
}

function getEffectiveOptions(experiment: Experiment, typed: FormValues): readonly Entry[] {
  const entries = Object.entries(getFormSchema(experiment));
  const values = parseLeniently(Object.fromEntries(entries), typed);
  // A value out of range prevents a run. So its field is always shown.
  return entries.filter(([name, option]) => hasEffect(option, values) || isOutOfRange(name, option, typed[name]));
}

/** Returns the values of a form; the default where one is out of range. */
export function parseLeniently(schema: Schema, typed: FormValues): Readonly<Record<string, OptionValue>> {
  const entries = Object.entries(schema);
  return Object.fromEntries(
    entries.map(([name, option]) => [name, tryParse(name, option, typed[name]) ?? option.default]),
  );
}

/** Returns the value of an option; undefined if the typed one is out of range. */
function tryParse(name: string, option: Option, typed = ''): OptionValue | undefined {
  try {
    return parseOption(name, option, typed);
  } catch {
    return undefined;
  }
}

const isOutOfRange = (...typed: Parameters<typeof tryParse>) => tryParse(...typed) === undefined;

/** Returns the names of the options that can change the results and differ from other values. */
export function findChanges(experiment: Experiment, typed: FormValues, other: FormValues): readonly string[] {
  const differs = ([name, option]: Entry) => {
    const [value, before] = [typed, other].map((values) => tryParse(name, option, values[name]));
    return String(value ?? typed[name]) !== String(before);
  };
  return getEffectiveOptions(experiment, typed).flatMap((entry) => (differs(entry) ? [entry[0]] : []));
}

/** Returns the values of a run as they would be typed. Options that an older record does not have are at their default. */
export function getRunValues({ options }: Experiment, run: Pick<RunRecord, 'options' | 'seed'>): FormValues {
  return toFormValues({ ...parseOptions(options, run.options), seed: run.seed });
}

/** Returns the values from which changes are counted: the defaults, also of the dialect and the preset. */
export function getBaseValues(schema: Schema, typed: FormValues): FormValues {
  const choices = ['dialect', 'preset'].filter((name) => name in schema);
  const defaults = choices.map((name) => [name, formatOption((schema[name] as Option).default)]);
  return { ...getDefaultValues(schema, typed), ...Object.fromEntries(defaults) };
}

export function toFormValues(options: Readonly<Record<string, OptionValue>>): FormValues {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, formatOption(value)]));
}

/** Returns the default values for the chosen dialect and preset, if the schema has these options. */
export function getDefaultValues(schema: Schema, typed: FormValues = {}): FormValues {
  const choices = ['dialect', 'preset'].filter((name) => name in schema && typed[name] !== undefined);
  return toFormValues(parseOptions(schema, Object.fromEntries(choices.map((name) => [name, typed[name]]))));
}

/**
 * Returns the values after one has changed. A new dialect moves values that were at their default to the new default.
 * A new preset sets every option that it defines.
 */
export function setFormValue(schema: Schema, typed: FormValues, name: string, value: string): FormValues {
  const next = { ...typed, [name]: value };
  if (name !== 'dialect' && name !== 'preset') return next;
  const [before, after] = [getDefaultValues(schema, typed), getDefaultValues(schema, next)];
  const moved = Object.entries(schema).flatMap(([key, option]) => {
    const isSet = name === 'preset' && option.presets !== undefined;
    return key !== name && (isSet || typed[key] === before[key]) ? [key] : [];
  });
  return { ...next, ...Object.fromEntries(moved.map((key) => [key, after[key] as string])) };
}

/** Returns an error message per option whose value is out of range or does not fit the other options. */
export function findErrors(experiment: Experiment, typed: FormValues, lang: Lang = 'en'): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const collect = (check: () => void, range?: string) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      faults.set(error.option, error.text?.[lang] ?? message('expected', { range: range ?? error.message })[lang]);
    }
  };
  for (const [name, option] of Object.entries(getFormSchema(experiment)))
    collect(() => parseOption(name, option, typed[name]), describeRange(option, lang));
  if (faults.size === 0) collect(() => experiment.check?.(parseForm(experiment, typed).options as never));
  return faults;
}

/** @throws OptionError if a value is out of range */
export function parseForm(experiment: Experiment, typed: FormValues): { options: Options; seed: number } {
  const { seed, ...options } = parseOptions(getFormSchema(experiment), typed) as Options & { seed: number };
  return { options, seed };
}
