// descent list: the experiments and their questions.

import { experiments, type Lang } from '@descent/experiments';
import { Command } from 'commander';
import { langFlag } from '../flags.ts';
import { printJson } from '../terminal/json.ts';
import { wrapText } from '../terminal/table.ts';
import { columnsOf, paint, print } from '../terminal/terminal.ts';

export function create(name: string): Command {
  return new Command(name)
    .option('--json', 'print one JSON document, with every option and its range')
    .addOption(langFlag())
    .addHelpText('after', '\nExample:\n  descent list --lang ko\n')
    .action(list);
}

function list({ json, lang }: { json?: boolean; lang: Lang }): void {
  if (json) {
    printJson({ format: 'descent-list/1', experiments: experiments.map(describe) });
    return;
  }
  const entries = experiments.map(({ name, question }) => {
    const lines = wrapText(question[lang], columnsOf(process.stdout) - 2);
    return `${paint.bold(name)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
  });
  print(entries.join('\n'));
}

function describe({ name, title, question, data, options, claims }: (typeof experiments)[number]) {
  return { name, title, question, data, options, claims: claims.map(({ id, text }) => ({ id, text })) };
}
