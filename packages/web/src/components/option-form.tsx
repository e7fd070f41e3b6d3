// Controls made from the option schema of an experiment.
import { availableVariants, type Variant } from '@descent/experiments';
import { defaultsOf, type FieldProps, faultsOf, schemaOf, withTyped } from '../state/form.ts';
import { lang, t } from '../state/language.ts';
import { experiment, typed, variant } from '../state/page-state.ts';
import { words } from '../text/words.ts';
import { NamesField } from './names-field.tsx';

export function OptionForm() {
  const chosen = experiment.value;
  if (!chosen) return null;
  const schema = schemaOf(chosen);
  const faults = faultsOf(chosen, typed.value, lang.value);
  return (
    <fieldset class="options" aria-label={t(words.settings)}>
      {Object.entries(schema).map(([name, option]) => (
        <Field
          key={name}
          name={name}
          option={option}
          fault={faults.get(name)}
          onType={(value) => {
            typed.value = withTyped(schema, typed.value, name, value);
          }}
        />
      ))}
      <label class="field" for="variant">
        <span>{t(words.variant)}</span>
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
        <small id="help-variant">{t(words.variantHelp)}</small>
      </label>
      <button
        type="button"
        onClick={() => {
          typed.value = defaultsOf(schema);
          variant.value = undefined;
        }}
      >
        {t(words.defaults)}
      </button>
    </fieldset>
  );
}

function Field({ name, option, fault, onType }: FieldProps) {
  const id = `option-${name}`;
  const about = {
    id,
    'aria-describedby': `error-${name} help-${name}`,
    'aria-invalid': fault !== undefined,
  };
  const value = typed.value[name] ?? '';
  if (option.kind === 'names') return <NamesField name={name} option={option} fault={fault} onType={onType} />;
  return (
    <label class={option.kind === 'boolean' ? 'field check' : 'field'} for={id}>
      <span>{t(option.label)}</span>
      {option.kind === 'enum' ? (
        <select {...about} value={value} onChange={({ currentTarget }) => onType(currentTarget.value)}>
          {option.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : option.kind === 'boolean' ? (
        <input
          {...about}
          type="checkbox"
          checked={value === 'true'}
          onChange={({ currentTarget }) => onType(String(currentTarget.checked))}
        />
      ) : (
        <input
          {...about}
          value={value}
          inputMode={option.kind === 'int' ? 'numeric' : 'text'}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => onType(currentTarget.value)}
        />
      )}
      <small id={`error-${name}`} class="fault">
        {fault}
      </small>
      <small id={`help-${name}`}>{t(option.help)}</small>
    </label>
  );
}
