// Flags from a schema: what an experiment may be told becomes what may be typed.

import {
  describeRange,
  type Experiment,
  formatOption,
  type JournalHeader,
  type Lang,
  OptionError,
  optionsFor,
  type Schema,
  toFlag,
  toOption,
} from '@descent/experiments';
import { type Command, Option as Flag } from 'commander';
import { badConfig, badOption } from './errors.ts';
import { decodeText, readAtMost, reasonOf } from './store/files.ts';

/** Gives a command one flag an option of the schema, in kebab-case, with its range and default in the help. */
export function addFlags(command: Command, schema: Schema, lang: Lang, heading: string): void {
  for (const [name, option] of Object.entries(schema)) {
    const range = option.kind === 'boolean' ? '' : `${describeRange(option, lang)}; `;
    const flag = new Flag(
      option.kind === 'boolean' ? `${toFlag(name)} [value]` : `${toFlag(name)} <value>`,
      `${option.help[lang]} (${range}default ${formatOption(option.default)})`,
    );
    if (option.kind === 'boolean') flag.preset('true');
    command.addOption(flag.helpGroup(heading));
  }
}

type Raw = Readonly<Record<string, unknown>>;

/** `--config FILE` beneath what was typed, checked against the schema; missing options take their defaults. */
export function readOptions(experiment: Experiment, typed: Raw, config: Raw): JournalHeader['options'] {
  const known = Object.keys(experiment.options).filter((option) => typed[option] !== undefined);
  const raw = { ...config, ...Object.fromEntries(known.map((option) => [option, typed[option]])) };
  try {
    return optionsFor(experiment, raw) as JournalHeader['options'];
  } catch (error) {
    if (error instanceof OptionError) throw badOption(error, experiment.name);
    throw error;
  }
}

/** Bytes of a `--config` file: thousands of times what all options take. */
const MAX_CONFIG_BYTES = 2 ** 20;

/** Reads a `--config` file: its values by option, in camelCase, not yet checked against any schema. */
export function readConfig(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  const text = readConfigText(file);
  const json = parseJson(file, text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw badConfig(file, 'expected a JSON object');
  const nested = Object.entries(json).find(([, value]) => [value].flat().some(isObject));
  if (nested)
    throw badConfig(file, `expected ${nested[0]} to be a number, a text or a list of these, but it is nested`);
  // As the file spells them: JSON.parse keeps the last of two equal names.
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
