// What every run can be asked for beside its experiment's own options.
import { message } from '../i18n/index.ts';
import { int } from './options.ts';

/** Initial weights, batches and every other draw follow from it. */
export const seedOption = int({
  default: 1,
  min: 0,
  max: 2 ** 32 - 1,
  label: message('options.seed.label'),
  help: message('options.seed.help'),
});
