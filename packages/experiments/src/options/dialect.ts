// The option `dialect` of every experiment.
import { optionTexts } from '../i18n/index.ts';
import { choice } from './options.ts';

export const dialect = choice({ default: 'modern', choices: ['modern', 'book'], ...optionTexts('options.dialect') });
