// The option `dialect` of every experiment.
import { message } from '../i18n/index.ts';
import { choice } from './options.ts';

export const dialect = choice({
  default: 'modern',
  choices: ['modern', 'book'],
  label: message('options.dialect.label'),
  help: message('options.dialect.help'),
});
