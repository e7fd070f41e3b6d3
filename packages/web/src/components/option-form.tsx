// The settings: the main options open, the others in closed groups with a count of changes.
import { availableVariants, type Experiment, type Option, type OptionGroup, type Variant } from '@descent/experiments';
import {
  findChanges,
  findErrors,
  getBaseValues,
  getDefaultValues,
  getFormSchema,
  groupOptions,
  setFormValue,
} from '../state/form.ts';
import { lang, t } from '../state/language.ts';
import { formValues, variant, view } from '../state/page-state.ts';
import { Field } from './field.tsx';

interface SettingsProps {
  readonly experiment: Experiment;
  readonly isOpen: boolean;
}

export function Settings({ experiment, isOpen }: SettingsProps) {
  const schema = getFormSchema(experiment);
  const typed = formValues.value;
  const groups = groupOptions(experiment, typed);
  const errors = findErrors(experiment, typed, lang.value);
  const changes = findChanges(experiment, typed, getBaseValues(schema, typed));
  const count = (names: readonly string[]) => names.filter((name) => changes.includes(name)).length;
  const toField = ([name, option]: readonly [string, Option]) => (
    <Field
      key={name}
      name={name}
      option={option}
      error={errors.get(name)}
      onInput={(value) => {
        formValues.value = setFormValue(schema, formValues.value, name, value);
      }}
    />
  );
  const { show } = view.value;
  if (show) {
    const entries = Object.entries(schema).filter(([name]) => show.includes(name));
    return entries.length > 0 && <div class="panel settings fields">{entries.map(toField)}</div>;
  }
  return (
    <details class="panel settings" open={isOpen}>
      <Summary label={t('settings')} changes={changes.length} />
      {[...groups].map(([group, entries]) =>
        group === 'main' ? (
          <div key={group} class="fields">
            {entries.map(toField)}
          </div>
        ) : (
          entries.length > 0 && (
            <details key={group} class="group" id={`group-${group}`}>
              <Summary label={t(groupLabels[group])} changes={count(entries.map(([name]) => name))} />
              <div class="fields">{entries.map(toField)}</div>
            </details>
          )
        ),
      )}
      <Machine />
      <button
        id="defaults"
        type="button"
        disabled={changes.length === 0 && variant.value === undefined}
        onClick={() => {
          formValues.value = getDefaultValues(schema);
          variant.value = undefined;
        }}
      >
        {t('defaults')}
      </button>
    </details>
  );
}

const groupLabels = {
  network: 'group.network',
  training: 'group.training',
  optimizer: 'group.optimizer',
} as const satisfies Partial<Record<OptionGroup, string>>;

function Summary({ label, changes }: { readonly label: string; readonly changes: number }) {
  return (
    <summary>
      {label}
      {changes > 0 && <span class="count"> · {t('changed', { count: changes })}</span>}
    </summary>
  );
}

/** Settings of the computer. They never change the results. */
function Machine() {
  return (
    <details class="group">
      <summary>{t('group.machine')}</summary>
      <div class="fields">
        <div class="setting">
          <label for="variant">{t('bench.suites.kernels')}</label>
          <select
            id="variant"
            value={variant.value ?? availableVariants()[0]}
            aria-describedby="help-variant"
            onChange={({ currentTarget }) => {
              variant.value = currentTarget.value as Variant;
            }}
          >
            {availableVariants().map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <small id="help-variant">{t('variant-help')}</small>
        </div>
      </div>
    </details>
  );
}
