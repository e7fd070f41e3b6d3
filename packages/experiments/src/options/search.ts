// The options of a search, from which a `Study` is created.
import { message, optionTexts } from '../i18n/index.ts';
import type { PrunerSpec } from '../search/pruner.ts';
import type { SamplerSpec } from '../search/samplers/sampler.ts';
import type { Text } from '../text.ts';
import { choice, float, int, type Options, rejectIf, toOption } from './options.ts';

/** The search space and the number of trials. */
export const spaceOptions = {
  trials: int({ default: 100, min: 1, max: 10_000, scale: 'log', ...optionTexts('options.search.trials') }),
  space: choice({ default: 'book', choices: ['book', 'optimizer'], ...optionTexts('options.search.space') }),
  lrLow: exponent(-6, message('options.search.lr-low.label')),
  lrHigh: exponent(-2, message('options.search.lr-high.label')),
  weightDecayLow: exponent(-8, message('options.search.weight-decay-low.label')),
  weightDecayHigh: exponent(-4, message('options.search.weight-decay-high.label')),
  validationShare: float({
    default: 0.2,
    min: 0.01,
    max: 0.9,
    slider: [0.05, 0.5],
    ...optionTexts('options.search.validation-share'),
  }),
};

function exponent(value: number, label: Text) {
  return float({
    default: value,
    min: -30,
    max: 5,
    slider: [-10, 2],
    group: 'optimizer',
    label,
    help: message('options.search.exponent.help'),
  });
}

/** Sampler and pruner. */
export const searchOptions = {
  sampler: choice({
    default: 'random',
    choices: ['random', 'grid', 'sobol', 'narrowing', 'tpe'],
    ...optionTexts('options.search.sampler'),
  }),
  pruner: choice({ default: 'none', choices: ['none', 'median', 'halving'], ...optionTexts('options.search.pruner') }),
  roundSize: int({
    default: 20,
    min: 2,
    max: 10_000,
    when: ({ sampler, pruner }) => sampler === 'narrowing' || sampler === 'tpe' || pruner !== 'none',
    ...optionTexts('options.search.round-size'),
  }),
  keep: float({
    default: 0.25,
    min: 0.01,
    max: 1,
    slider: [0.05, 1],
    when: ({ sampler }) => sampler === 'narrowing',
    ...optionTexts('options.search.keep'),
  }),
  firstRung: int({
    default: 5,
    min: 1,
    max: 1_000_000,
    when: ({ pruner }) => pruner !== 'none',
    ...optionTexts('options.search.first-rung'),
  }),
  eta: int({
    default: 3,
    min: 2,
    max: 100,
    when: ({ pruner }) => pruner === 'halving',
    ...optionTexts('options.search.eta'),
  }),
};

type SearchSettings = Options<typeof searchOptions> & { readonly evaluateEvery: number };

/** Number of random trials before TPE starts, as in Optuna. */
const STARTUP_TRIALS = 10;

export function samplerSpec({ sampler, keep }: SearchSettings): SamplerSpec {
  if (sampler === 'narrowing') return { kind: sampler, keep };
  return sampler === 'tpe' ? { kind: sampler, startup: STARTUP_TRIALS } : { kind: sampler };
}

export function prunerSpec({ pruner, firstRung, eta }: SearchSettings, stepsPerEpoch: number): PrunerSpec {
  if (pruner === 'none') return { kind: pruner };
  const first = firstRung * stepsPerEpoch;
  return pruner === 'median' ? { kind: pruner, first } : { kind: pruner, first, eta };
}

/** @throws OptionError if a range is reversed, or if a pruner would compare trials before the first measurement */
export function checkSearch(
  options: SearchSettings & Options<typeof spaceOptions> & { readonly trainSamples: number },
) {
  const { lrLow, lrHigh, weightDecayLow, weightDecayHigh, pruner, evaluateEvery, firstRung } = options;
  checkRange('lr', lrLow, lrHigh);
  checkRange('weight-decay', weightDecayLow, weightDecayHigh);
  rejectIf(
    pruner !== 'none' && evaluateEvery === 0,
    'evaluateEvery',
    message('options.search.error.evaluate-every', { pruner }),
  );
  rejectIf(
    pruner !== 'none' && evaluateEvery > firstRung,
    'firstRung',
    message('options.search.error.first-rung', { evaluateEvery, firstRung }),
  );
  checkValidation(options, options.trainSamples);
}

function checkRange(name: string, low: number, high: number): void {
  rejectIf(low > high, toOption(`${name}-low`), message('options.search.error.range', { name, high, low }));
}

/** @throws OptionError if the validation share of `images` images is less than one image */
export function checkValidation({ validationShare }: { readonly validationShare: number }, images: number): void {
  rejectIf(
    Math.floor(images * validationShare) === 0,
    'validationShare',
    message('options.search.error.validation-share', { validationShare, images }),
  );
}
