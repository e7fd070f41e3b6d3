// descent compare: what differs between records, and their curves over one another.

import {
  type Figure,
  formatOption,
  type Lang,
  type LinePanel,
  type RunRecord,
  renderTerminal,
  short,
  toFlag,
} from '@descent/experiments';
import { Command } from 'commander';
import { badValue } from '../errors.ts';
import { langFlag } from '../flags.ts';
import { openRecord } from '../folder/records.ts';
import { table } from '../run/report.ts';
import { columnsOf, hasColor, paint, print } from '../terminal.ts';
import { words } from '../words.ts';

interface CompareFlags {
  readonly series?: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

export function create(name: string): Command {
  return new Command(name)
    .argument('<records...>', 'run.json of two runs or more')
    .option('--series <name>', 'the curves to draw (default: the first that is a loss)')
    .option('--json', 'print the differences as JSON')
    .addOption(langFlag())
    .addHelpText('after', '\nExample:\n  descent compare runs/a/run.json runs/b/run.json --series trainLoss\n')
    .action(compare);
}

function compare(files: readonly string[], flags: CompareFlags): void {
  if (files.length < 2) throw badValue('compare', files.join(' '), 'two records or more');
  const records = files.map((file) => openRecord(file).record);
  const settings = differingSettings(records);
  const finals = finalsSideBySide(records);
  if (flags.json) {
    print(JSON.stringify({ format: 'descent-compare/1', records: files, settings, finals }, null, 2));
    return;
  }
  const { lang } = flags;
  const legend = files.map((file, index) => [letter(index), file]);
  const rows = (cells: Cells) => Object.entries(cells).map(([name, values]) => [name, ...values, '']);
  const head = (first: string) => [first, ...files.map((_, index) => letter(index)), ''];
  const parts = [
    legend.map(([mark, file]) => `  ${paint.bold(mark)}  ${file}\n`).join(''),
    Object.keys(settings).length > 0
      ? table([head(words.options[lang]), ...rows(settings)])
      : `  ${words.sameOptions[lang]}\n`,
    table([head(words.arm[lang]), ...rows(finals)]),
    drawCurves(records, flags),
  ];
  print(parts.join('\n'));
}

/** A name → its value in each record. */
type Cells = Record<string, string[]>;

const letter = (index: number) => (index < 26 ? String.fromCharCode(65 + index) : `#${index + 1}`);

/** Experiment, seed, data, variant and options, as far as they are not the same in all. */
function differingSettings(records: readonly RunRecord[]): Cells {
  const settings = records.map(({ experiment, seed, data, variant, options }) => ({
    experiment,
    seed: String(seed),
    data: `${data.name} ${data.sha256.slice(0, 8)}`,
    variant,
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [toFlag(name), formatOption(value)])),
  }));
  const cells = Object.fromEntries(namesIn(settings).map((name) => [name, settings.map((of) => cellOf(of, name))]));
  return Object.fromEntries(Object.entries(cells).filter(([, values]) => new Set(values).size > 1));
}

/** `SGD trainLoss` → where each record came to. */
function finalsSideBySide(records: readonly RunRecord[]): Cells {
  const finals = records.map(({ arms }) =>
    Object.fromEntries(
      arms.flatMap((arm) =>
        Object.entries(arm.final).map(([measure, value]) => [`${arm.name} ${measure}`, short(value)]),
      ),
    ),
  );
  return Object.fromEntries(namesIn(finals).map((name) => [name, finals.map((of) => cellOf(of, name))]));
}

const namesIn = (tables: readonly object[]) => [...new Set(tables.flatMap((cells) => Object.keys(cells)))];
const cellOf = (cells: object, name: string): string => (cells as Record<string, string>)[name] ?? '—';

/** One panel an arm, one curve a record. */
function drawCurves(records: readonly RunRecord[], { series, lang }: CompareFlags): string {
  const names = [...new Set(records.flatMap(({ arms }) => arms.flatMap((arm) => Object.keys(arm.series))))];
  const chosen = series ?? names.find((name) => /loss/i.test(name)) ?? names[0];
  if (chosen === undefined || !names.includes(chosen))
    throw badValue('--series', chosen ?? '', `one of ${names.join(', ')}`);
  const label = (text: string) => ({ en: text, ko: text, ja: text });
  const arms = [...new Set(records.flatMap((record) => record.arms.map(({ name }) => name)))];
  const panels = arms.map((arm): LinePanel => {
    const curves = records.flatMap((record, index) => {
      const found = record.arms.find(({ name }) => name === arm)?.series[chosen];
      return found ? [{ name: letter(index), x: found.step, y: found.value, role: 'smooth' as const }] : [];
    });
    return { kind: 'line', title: label(arm), x: { label: words.step }, y: { label: label(chosen) }, curves };
  });
  const figure: Figure = { id: 'compare', title: label(chosen), caption: label(''), columns: 2, panels };
  return renderTerminal(figure, { columns: columnsOf(process.stdout), color: hasColor(process.stdout), lang });
}
