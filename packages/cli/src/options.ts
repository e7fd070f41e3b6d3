// Flags from a schema: what an experiment may be told becomes what may be typed.

import { readFileSync } from 'node:fs';
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
} from '@descent/experiments';
import { type Command, Option as Flag } from 'commander';
import { badConfig, badOption } from './errors.ts';
import { decodeText, reasonOf } from './files.ts';

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

/** The options of a `--config` file. */
export function readConfig(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  const text = readConfigText(file);
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  } catch (error) {
    throw badConfig(file, (error as Error).message);
  }
  throw badConfig(file, 'expected a JSON object');
}

function readConfigText(file: string): string {
  try {
    return decodeText(readFileSync(file));
  } catch (error) {
    throw badConfig(file, reasonOf(error));
  }
}
