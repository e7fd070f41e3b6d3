// descent compare: the differences between records, and their curves in shared charts.

import {
  type Figure,
  formatNumber,
  type Lang,
  type LinePanel,
  type RunRecord,
  renderTerminal,
  toFlag,
} from '@descent/experiments';
import { collectValues, findDifferences, type ValuesByName } from '@descent/experiments/layers';
import { Command } from 'commander';
import { badChoice, badValue, langFlag } from '../flags.ts';
import { message } from '../i18n/index.ts';
import { openRecord, recordFiles } from '../store/records.ts';
import { printJson } from '../terminal/json.ts';
import { table } from '../terminal/table.ts';
import { columnsOf, hasColor, paint, print } from '../terminal/terminal.ts';

interface CompareFlags {
  readonly series?: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

export function create(name: string): Command {
  return new Command(name)
    .argument('<records...>', 'run.json of two or more runs, or folders of runs')
    .option('--series <name>', 'the series to draw [default: the first that is a loss]')
    .option('--json', 'print the differences as JSON')
    .addOption(langFlag())
    .addHelpText('after', '\nExample:\n  descent compare runs/a runs/b --series trainLoss\n')
    .action(compare);
}

function compare(paths: readonly string[], flags: CompareFlags): void {
  const files = paths.flatMap(recordFiles);
  if (files.length < 2) throw badValue('compare', paths.join(' '), 'two records or more');
  const records = files.map((file) => openRecord(file).record);
  const settings = findDifferences(records);
  const finals = collectFinals(records);
  const document = { format: 'descent-compare/2', records: files, settings, finals };
  if (flags.json) printJson(document);
  else print(format(document, records, flags));
}

interface Comparison {
  readonly records: readonly string[];
  readonly settings: ValuesByName & { options: ValuesByName };
  readonly finals: Record<string, ValuesByName>;
}

function format({ records: files, settings, finals }: Comparison, records: readonly RunRecord[], flags: CompareFlags) {
  const { lang } = flags;
  const legend = files.map((file, index) => `  ${paint.bold(letter(index))}  ${file}\n`);
  const { options, ...own } = settings;
  const changed = [...toRows(own), ...toRows(options, toFlag)];
  const results = Object.entries(finals).flatMap(([arm, measures]) =>
    toRows(measures, (measure) => `${arm} ${measure}`, formatNumber),
  );
  const head = (first: string) => [first, ...files.map((_, index) => letter(index)), ''];
  const parts = [
    legend.join(''),
    changed.length > 0 ? table([head(message('options')[lang]), ...changed]) : `  ${message('same-options')[lang]}\n`,
    table([head(message('arm')[lang]), ...results]),
    drawCurves(records, flags),
  ];
  return parts.join('\n');
}

const letter = (index: number) => (index < 26 ? String.fromCharCode(65 + index) : `#${index + 1}`);

function toRows(values: ValuesByName, label = (name: string) => name, format: (value: number) => string = String) {
  return Object.entries(values).map(([name, each]) => [
    label(name),
    ...each.map((value) => (typeof value === 'number' ? format(value) : formatCell(value))),
    '',
  ]);
}

function formatCell(value: unknown): string {
  if (value === null) return '—';
  const { name, sha256 } = value as RunRecord['data'];
  return sha256 === undefined ? String(value) : `${name} ${sha256.slice(0, 8)}`;
}

/** Collects the final values by arm and measure. */
function collectFinals(records: readonly RunRecord[]): Record<string, ValuesByName> {
  const arms = collectValues(
    records.map((record) => Object.fromEntries(record.arms.map((arm) => [arm.name, arm.final]))),
  );
  return Object.fromEntries(
    Object.entries(arms).map(([arm, finals]) => [arm, collectValues(finals.map((final) => final ?? {}))]),
  );
}

/** Draws one panel per arm with one curve per record. */
function drawCurves(records: readonly RunRecord[], { series, lang }: CompareFlags): string {
  const names = [...new Set(records.flatMap(({ arms }) => arms.flatMap((arm) => Object.keys(arm.series))))];
  const chosen = series ?? names.find((name) => /loss/i.test(name)) ?? names[0];
  if (chosen === undefined || !names.includes(chosen)) throw badChoice('--series', chosen ?? '', names);
  const label = (text: string) => ({ en: text, ko: text, ja: text });
  const arms = [...new Set(records.flatMap((record) => record.arms.map(({ name }) => name)))];
  const panels = arms.map((arm): LinePanel => {
    const curves = records.flatMap((record, index) => {
      const found = record.arms.find(({ name }) => name === arm)?.series[chosen];
      return found ? [{ name: letter(index), x: found.step, y: found.value, role: 'smooth' as const }] : [];
    });
    return { kind: 'line', title: label(arm), x: { label: message('step') }, y: { label: label(chosen) }, curves };
  });
  const figure: Figure = { id: 'compare', title: label(chosen), caption: label(''), columns: 2, panels };
  return renderTerminal(figure, { columns: columnsOf(process.stdout), color: hasColor(process.stdout), lang });
}
