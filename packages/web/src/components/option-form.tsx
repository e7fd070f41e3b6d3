// The form: one control per option of the experiment.
import { availableVariants, type NamesOption, type Variant } from '@descent/experiments';
import { type FieldProps, findErrors, getDefaultValues, getFormSchema, setFormValue } from '../state/form.ts';
import { lang, t } from '../state/language.ts';
import { experiment, formValues, variant } from '../state/page-state.ts';

export function OptionForm() {
  const chosen = experiment.value;
  if (!chosen) return null;
  const schema = getFormSchema(chosen);
  const faults = findErrors(chosen, formValues.value, lang.value);
  return (
    <fieldset class="options" aria-label={t('settings')}>
      {Object.entries(schema).map(([name, option]) => (
        <Field
          key={name}
          name={name}
          option={option}
          error={faults.get(name)}
          onInput={(value) => {
            formValues.value = setFormValue(schema, formValues.value, name, value);
          }}
        />
      ))}
      <label class="field" for="variant">
        <span>{t('bench.suites.kernels')}</span>
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
      </label>
      <button
        type="button"
        onClick={() => {
          formValues.value = getDefaultValues(schema);
          variant.value = undefined;
        }}
      >
        {t('defaults')}
      </button>
    </fieldset>
  );
}

function Field({ name, option, error, onInput }: FieldProps) {
  const id = `option-${name}`;
  const about = {
    id,
    'aria-describedby': `error-${name} help-${name}`,
    'aria-invalid': error !== undefined,
  };
  const value = formValues.value[name] ?? '';
  if (option.kind === 'names') return <NamesField name={name} option={option} error={error} onInput={onInput} />;
  return (
    <label class={option.kind === 'boolean' ? 'field check' : 'field'} for={id}>
      <span>{t(option.label)}</span>
      {option.kind === 'enum' ? (
        <select {...about} value={value} onChange={({ currentTarget }) => onInput(currentTarget.value)}>
          {option.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : option.kind === 'boolean' ? (
        <input
          {...about}
          type="checkbox"
          checked={value === 'true'}
          onChange={({ currentTarget }) => onInput(String(currentTarget.checked))}
        />
      ) : (
        <input
          {...about}
          value={value}
          inputMode={option.kind === 'int' ? 'numeric' : 'text'}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
      <small id={`error-${name}`} class="error">
        {error}
      </small>
      <small id={`help-${name}`}>{t(option.help)}</small>
    </label>
  );
}

/** The control of an option with several names: one checkbox per name. */
function NamesField({ name, option, error, onInput }: FieldProps<NamesOption>) {
  const chosen = (formValues.value[name] ?? '').split(',').filter(Boolean);
  return (
    <fieldset class="field names" aria-describedby={`error-${name} help-${name}`}>
      <legend>{t(option.label)}</legend>
      {option.choices.map((choice) => (
        <label key={choice} for={`option-${name}-${choice}`}>
          <input
            id={`option-${name}-${choice}`}
            type="checkbox"
            checked={chosen.includes(choice)}
            aria-invalid={error !== undefined}
            onChange={({ currentTarget: { checked } }) => {
              const next = option.choices.filter((each) => (each === choice ? checked : chosen.includes(each)));
              onInput(next.join(','));
            }}
          />
          {choice}
        </label>
      ))}
      <small id={`error-${name}`} class="error">
        {error}
      </small>
      <small id={`help-${name}`}>{t(option.help)}</small>
    </fieldset>
  );
}
