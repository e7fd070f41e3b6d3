// Records from elsewhere: opened, compared, drawn and told in every way that the program has.
import {
  compareRecords,
  figuresOver,
  finalTable,
  openRecord,
  parseRecord,
  RecordError,
  type RunRecord,
  renderTerminal,
  stringifyRecord,
  UnknownExperimentError,
} from '@descent/experiments';
import { renderHtml } from '@descent/experiments/html';
import { renderSvg } from '@descent/experiments/svg';
import { formatClaims, formatFinals } from '../../packages/cli/src/terminal/report.ts';
import { smallRuns } from './runs.ts';
import type { Target } from './target.ts';

const look = { lang: 'en', theme: 'light' } as const;

export const records: Target<string> = {
  name: 'records',
  seeds: async () => (await smallRuns()).map(({ record }) => stringifyRecord(record)),
  words: ['"finished"', '"diverged"', '"interrupted"', 'trainLoss', 'testAccuracy', 'loss', 'x', 'y', 'Adam', 'SGD'],
  refusals: [RecordError, UnknownExperimentError],
  run(text) {
    const { experiment, record } = openRecord(text);
    if (stringifyRecord(parseRecord(stringifyRecord(record))) !== stringifyRecord(record))
      throw new Error('a record that is written is another when it is read');
    const difference = compareRecords(record, record);
    if (difference) throw new Error(`a record differs from itself in ${difference.field}`);
    const figures = figuresOver(experiment, [record]);
    for (const figure of figures) {
      checkText(renderTerminal(figure, { columns: 80, color: true, lang: 'en' }));
      checkMarkup(renderSvg(figure, look));
    }
    // The whole report takes its time; a part of the inputs says as much.
    if (text.length % 5 === 0) checkMarkup(renderHtml(experiment, [record], { lang: 'en' }));
    checkText(told(record));
    finalTable([record, record]);
  },
};

function told(record: RunRecord): string {
  return formatFinals([record], 'en') + formatClaims(record.claims, 'en');
}

/** What a file says must stay text: no tag of its own, no attribute. */
function checkMarkup(markup: string): void {
  const at = markup.search(/<img|<script[^>]*>[^<]*alert|<a:/i);
  if (at >= 0) throw new Error(`markup from a file: ${markup.slice(Math.max(0, at - 40), at + 80)}`);
}

/** A terminal obeys what begins with an escape; colors apart, nothing of a file may. */
function checkText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  const found = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.exec(text.replace(/\u001b\[\d+m/g, ''));
  if (found)
    throw new Error(
      `a control character reaches the terminal: ${JSON.stringify(text.slice(found.index - 20, found.index + 20))}`,
    );
}
