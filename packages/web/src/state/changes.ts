// The settings that differ between two runs, as text.
import { type Experiment, formatOption, type RunRecord } from '@descent/experiments';
import { findDifferences } from '@descent/experiments/layers';
import { getFormSchema } from './form.ts';
import { t } from './language.ts';

/** Returns a text such as "steps 100 → 120, learning rate 0.01 → 0.1". */
export function describeChanges(experiment: Experiment, from: RunRecord, to: RunRecord): string {
  const schema = getFormSchema(experiment);
  const { options, seed, data } = findDifferences([from, to]);
  const format = (value: unknown) => (value === null ? '—' : formatOption(value as never));
  const describe = (label: string, values: readonly string[]) => `${lowerFirst(label)} ${values.join(' → ')}`;
  const changes = Object.entries(options).map(([name, values]) =>
    describe(schema[name] ? t(schema[name].label) : name, values.map(format)),
  );
  if (seed) changes.push(describe(t(schema.seed?.label ?? 'step'), seed.map(String)));
  if (data) changes.push(describe(t('data'), [from.data.name, to.data.name]));
  return changes.join(', ') || t('same-settings');
}

/** Returns a label as it is written within a sentence. Names such as `Adam β₁` keep their capital. */
function lowerFirst(label: string): string {
  return /^[A-Z][a-z]+(?: [a-z]|,|$)/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}
