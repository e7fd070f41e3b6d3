// The control of an option with several names: one checkbox per name.
import type { NamesOption } from '@descent/experiments';
import type { FieldProps } from '../state/form.ts';
import { t } from '../state/language.ts';
import { formValues } from '../state/page-state.ts';

export function NamesField({ name, option, error, onInput }: FieldProps<NamesOption>) {
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
