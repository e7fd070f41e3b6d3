// The option `seed` of every run.
import { optionTexts } from '../i18n/index.ts';
import { int } from './options.ts';

/** The seed of initial weights, batches and all other random numbers. */
export const seedOption = int({ default: 1, min: 0, max: 2 ** 32 - 1, ...optionTexts('options.seed') });
