// Options of experiments as flags and in `--config` files.

import {
  describeRange,
  type Experiment,
  formatOption,
  type Lang,
  type Option,
  optionGroups,
  parseExperimentOptions,
  type Schema,
  toFlag,
  toOption,
} from '@descent/experiments';
import type { JournalHeader } from '@descent/experiments/records';
import { type Command, Option as Flag } from 'commander';
import { reasonOf, usageError } from './exit.ts';
import { toUsageError } from './flags.ts';
import { decodeText, readAtMost } from './store/files.ts';

/** The most bytes of a `--config` file, thousands of times the size of all options. */
const MAX_CONFIG_BYTES = 2 ** 20;

/** Adds a flag for each option of a schema, with its range and default in the help, by groups. */
export function addFlags(command: Command, schema: Schema, lang: Lang, heading: string): void {
  const groupOf = ([, { group = 'training' }]: [string, Option]) => optionGroups.indexOf(group);
  const entries = Object.entries(schema).sort((a, b) => groupOf(a) - groupOf(b));
  for (const [name, option] of entries) {
    const { group = 'training' } = option;
    const range = option.kind === 'boolean' ? '' : `${describeRange(option, lang)}; `;
    const flag = new Flag(
      option.kind === 'boolean' ? `${toFlag(name)} [value]` : `${toFlag(name)} <value>`,
      `${option.help[lang]} (${range}default ${formatOption(option.default)})`,
    );
    if (option.kind === 'boolean') flag.preset('true');
    command.addOption(flag.helpGroup(`${heading}${group === 'main' ? '' : `, ${group}`}:`));
  }
}

type RawOptions = Readonly<Record<string, unknown>>;

/** Reads the options of an experiment: typed ones override those of a config file, missing ones have their defaults. */
export function readOptions(experiment: Experiment, typed: RawOptions, config: RawOptions): JournalHeader['options'] {
  const names = Object.keys(experiment.options).filter((name) => typed[name] !== undefined);
  try {
    const raw = { ...config, ...Object.fromEntries(names.map((name) => [name, typed[name]])) };
    return parseExperimentOptions(experiment, raw) as JournalHeader['options'];
  } catch (error) {
    throw toUsageError(error, experiment.name);
  }
}

export const badConfig = (file: string, reason: string) =>
  usageError(`--config ${file}: ${reason}`, 'expected a JSON object of options, such as {"steps": 500, "seed": 2}');

/** Reads the values of a `--config` file by option name in camelCase, without comparing them with a schema. */
export function readConfig(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  const text = readConfigText(file);
  const json = parseJson(file, text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw badConfig(file, 'expected a JSON object');
  const nested = Object.entries(json).find(([, value]) => [value].flat().some(isObject));
  if (nested)
    throw badConfig(file, `expected ${nested[0]} to be a number, a text or a list of these, but it is nested`);
  // JSON.parse keeps the last of two equal names; so they are searched for in the text.
  const names = [...text.matchAll(/"((?:[^"\\]|\\.)*)"(\s*:)?/g)].flatMap(([, name, colon]) =>
    colon ? [toOption(name as string)] : [],
  );
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw badConfig(file, `${twice} is given twice`);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [toOption(name), value]));
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badConfig(file, text.trim() === '' ? 'it is empty' : (error as Error).message);
  }
}

function readConfigText(file: string): string {
  try {
    return decodeText(readAtMost(file, MAX_CONFIG_BYTES));
  } catch (error) {
    throw badConfig(file, reasonOf(error));
  }
}
