// Controls made from the option schema of an experiment, and the values read back from them.
import {
  describeRange,
  formatOption,
  type Option,
  OptionError,
  type OptionValue,
  parseOption,
  parseOptions,
  type Schema,
} from '@descent/experiments';

type Control = HTMLInputElement | HTMLSelectElement;

/** Replaces the controls in a fieldset. */
export function showOptions(fieldset: HTMLFieldSetElement, schema: Schema): void {
  fieldset.replaceChildren(...Object.entries(schema).map(([name, option]) => field(name, option)));
}

/** The values as they stand, each checked beside its control; undefined where one is out of range. */
export function readOptions(fieldset: HTMLFieldSetElement, schema: Schema): Record<string, unknown> | undefined {
  let firstWrong: Control | undefined;
  const raw: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(schema)) {
    const control = controlOf(fieldset, name);
    raw[name] = rawOf(control);
    const message = faultOf(name, option, raw[name]);
    control.setAttribute('aria-invalid', String(message !== ''));
    (fieldset.querySelector(`#error-${name}`) as HTMLElement).textContent = message;
    if (message !== '') firstWrong ??= control;
  }
  const details = firstWrong?.closest('details');
  if (details) details.open = true;
  firstWrong?.focus();
  return firstWrong ? undefined : raw;
}

/** Where the dialect has changed, controls that stand at their default go to the new dialect's. */
export function followDialect(fieldset: HTMLFieldSetElement, schema: Schema): void {
  if (!schema.dialect) return;
  const defaults = parseOptions(schema, { dialect: controlOf(fieldset, 'dialect').value });
  for (const name of Object.keys(schema)) {
    const control = controlOf(fieldset, name);
    if (name === 'dialect' || control.value !== control.dataset.default) continue;
    control.value = formatOption(defaults[name] as OptionValue);
    control.dataset.default = control.value;
  }
}

function controlOf(fieldset: HTMLFieldSetElement, name: string): Control {
  return fieldset.querySelector(`#option-${name}`) as Control;
}

function rawOf(control: Control): unknown {
  return control instanceof HTMLInputElement && control.type === 'checkbox' ? control.checked : control.value;
}

function faultOf(name: string, option: Option, raw: unknown): string {
  try {
    parseOption(name, option, raw);
    return '';
  } catch (error) {
    if (error instanceof OptionError) return `Expected ${describeRange(option)}.`;
    throw error;
  }
}

function field(name: string, option: Option): HTMLElement {
  const label = document.createElement('label');
  label.className = 'field';
  label.htmlFor = `option-${name}`;
  const error = text('small', '');
  error.id = `error-${name}`;
  error.className = 'error';
  const help = text('small', option.help.en);
  help.id = `help-${name}`;
  const control = controlFor(option);
  control.id = label.htmlFor;
  control.setAttribute('aria-describedby', `${error.id} ${help.id}`);
  label.append(text('span', option.label.en), control, error, help);
  return label;
}

function controlFor(option: Option): Control {
  if (option.kind === 'enum') {
    const select = document.createElement('select');
    select.append(...option.choices.map((choice) => text('option', choice)));
    select.value = option.default;
    return select;
  }
  const input = document.createElement('input');
  if (option.kind === 'boolean') {
    input.type = 'checkbox';
    input.checked = option.default;
    return input;
  }
  input.inputMode = option.kind === 'int' ? 'numeric' : 'text';
  input.value = formatOption(option.default);
  input.dataset.default = input.value;
  return input;
}

function text(tag: string, content: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = content;
  return made;
}
