// A field of the form: the control that suits an option, its error, and its help on demand.
import type { EnumOption, FloatOption, IntOption, NamesOption, Option } from '@descent/experiments';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../state/language.ts';
import { formValues } from '../state/page-state.ts';
import { findPosition, nextCount, sliderValues } from '../state/slider.ts';

interface FieldProps<O extends Option = Option> {
  readonly name: string;
  readonly option: O;
  readonly error: string | undefined;
  readonly onInput: (value: string) => void;
}

/** More choices than these are a menu. */
const MAX_CHIPS = 5;

export function Field({ option, ...rest }: FieldProps) {
  switch (option.kind) {
    case 'enum':
      return option.choices.length > MAX_CHIPS ? (
        <Menu {...rest} option={option} />
      ) : (
        <Chips {...rest} option={option} />
      );
    case 'names':
      return <Chips {...rest} option={option} />;
    case 'int':
      return <Stepper {...rest} option={option} />;
    case 'float':
      return <Slider {...rest} option={option} />;
    case 'ints':
    case 'boolean':
      return (
        <Labeled {...rest} option={option}>
          {option.kind === 'ints' ? (
            <Input {...rest} />
          ) : (
            <input
              {...describe(rest)}
              type="checkbox"
              checked={formValues.value[rest.name] === 'true'}
              onChange={({ currentTarget }) => rest.onInput(String(currentTarget.checked))}
            />
          )}
        </Labeled>
      );
  }
}

/** Attributes that connect a control with its label, error and help. */
const describe = ({ name, error }: Pick<FieldProps, 'name' | 'error'>) => ({
  id: `option-${name}`,
  'aria-describedby': `error-${name} help-${name}`,
  'aria-invalid': error !== undefined,
});

function Labeled({ name, option, error, children }: FieldProps & { readonly children: ComponentChildren }) {
  return (
    <div class={`setting ${option.kind}`}>
      <label for={`option-${name}`}>{t(option.label)}</label>
      {children}
      <Notes name={name} option={option} error={error} />
    </div>
  );
}

/** The error of a field, and its help, which a button opens. */
function Notes({ name, option, error }: Pick<FieldProps, 'name' | 'option' | 'error'>) {
  const isOpen = useSignal(false);
  return (
    <>
      <button
        type="button"
        class="help"
        aria-label={t('help', { name: t(option.label) })}
        aria-expanded={isOpen.value}
        aria-controls={`help-${name}`}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        ?
      </button>
      <small id={`error-${name}`} class="error">
        {error}
      </small>
      <small id={`help-${name}`} hidden={!isOpen.value}>
        {t(option.help)}
      </small>
    </>
  );
}

function Input({ name, error, onInput, onStep }: Omit<FieldProps, 'option'> & { onStep?: (by: -1 | 1) => void }) {
  return (
    <input
      {...describe({ name, error })}
      value={formValues.value[name] ?? ''}
      inputMode={onStep ? 'decimal' : 'text'}
      autocomplete="off"
      spellcheck={false}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
      onKeyDown={(event) => {
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key] as -1 | 1 | undefined;
        if (!by || !onStep) return;
        event.preventDefault();
        onStep(by);
      }}
    />
  );
}

/** A count with buttons that double and halve it, or add and subtract 1. */
function Stepper({ option, ...rest }: FieldProps<IntOption>) {
  const value = Number(formValues.value[rest.name]);
  const step = (by: -1 | 1) => {
    if (Number.isFinite(value)) rest.onInput(String(nextCount(option, value, by)));
  };
  const button = (by: -1 | 1, sign: string) => (
    <button
      type="button"
      aria-label={`${t(option.label)} ${sign}`}
      disabled={value === (by < 0 ? option.min : option.max)}
      onClick={() => step(by)}
    >
      {sign}
    </button>
  );
  return (
    <Labeled {...rest} option={option}>
      <div class="stepper">
        {button(-1, option.scale === 'log' ? '÷2' : '−')}
        <Input {...rest} onStep={step} />
        {button(1, option.scale === 'log' ? '×2' : '+')}
      </div>
    </Labeled>
  );
}

/** A number with a slider over its usual values. */
function Slider({ option, ...rest }: FieldProps<FloatOption>) {
  const values = useMemo(() => sliderValues(option), [option]);
  const position = findPosition(values, Number(formValues.value[rest.name]) || 0);
  const moveTo = (next: number) => {
    const value = values[next];
    if (value !== undefined) rest.onInput(String(value));
  };
  return (
    <Labeled {...rest} option={option}>
      <Input {...rest} onStep={(by) => moveTo(position + by)} />
      <input
        type="range"
        min={0}
        max={values.length - 1}
        value={position}
        aria-label={t(option.label)}
        aria-valuetext={formValues.value[rest.name]}
        onInput={({ currentTarget }) => moveTo(Number(currentTarget.value))}
      />
    </Labeled>
  );
}

function Menu({ option, ...rest }: FieldProps<EnumOption>) {
  return (
    <Labeled {...rest} option={option}>
      <select
        {...describe(rest)}
        value={formValues.value[rest.name]}
        onChange={({ currentTarget }) => rest.onInput(currentTarget.value)}
      >
        {option.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </Labeled>
  );
}

/** One of few choices, or several of them. */
function Chips({ name, option, error, onInput }: FieldProps<EnumOption | NamesOption>) {
  const isSingle = option.kind === 'enum';
  const chosen = (formValues.value[name] ?? '').split(',');
  const toggle = (choice: string, checked: boolean) =>
    option.choices.filter((each) => (each === choice ? checked : chosen.includes(each))).join(',');
  return (
    <fieldset class="setting chips" aria-describedby={`error-${name} help-${name}`}>
      <legend>{t(option.label)}</legend>
      <div>
        {option.choices.map((choice) => (
          <label key={choice} class="chip">
            <input
              id={`option-${name}-${choice}`}
              type={isSingle ? 'radio' : 'checkbox'}
              name={name}
              checked={chosen.includes(choice)}
              aria-invalid={error !== undefined || undefined}
              onChange={({ currentTarget }) => onInput(isSingle ? choice : toggle(choice, currentTarget.checked))}
            />
            <span>{choice}</span>
          </label>
        ))}
      </div>
      <Notes name={name} option={option} error={error} />
    </fieldset>
  );
}
