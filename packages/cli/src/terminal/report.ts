// The result of a run on stdout: question, charts, tables, claims, and the paths of the record.
import {
  bestTable,
  completedTrials,
  type Edge,
  type EvidenceRow,
  type Experiment,
  evidenceTable,
  finalTable,
  findEdges,
  formatNumber,
  formatSummary,
  headingOf,
  isAllRandom,
  type Lang,
  measureName,
  type RunRecord,
  renderTerminal,
  roundsTable,
  statusText,
  toFlag,
  type Verdict,
} from '@descent/experiments';
import { figuresOver } from '@descent/experiments/layers';
import { message } from '../i18n/index.ts';
import { formatSeconds } from './progress.ts';
import { table, wrap, wrapText } from './table.ts';
import { columnsOf, hasColor, paint, self, shellQuoted } from './terminal.ts';

export interface RunReport {
  readonly experiment: Experiment;
  /** One per seed. */
  readonly records: readonly RunRecord[];
  readonly claims: readonly Verdict[];
  /** The folder of the run. */
  readonly path: string;
  /** The files of the records. */
  readonly files: readonly string[];
}

/** Formats the result of a run. */
export function formatReport(report: RunReport, lang: Lang): string {
  const { experiment, records, claims } = report;
  const { question: asked } = headingOf(experiment, records[0]?.options ?? {});
  const question = wrapText(asked[lang]).map((line) => `${paint.bold(line)}\n`);
  const parts = [
    question.join(''),
    formatCharts(experiment, records, lang),
    ...(experiment.study ? formatSearch(experiment, records, lang) : [formatFinals(records, lang)]),
    formatClaims(claims, lang),
    formatPaths(report, lang),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** Draws the figures of a run, or of one with several seeds, as text. */
function formatCharts(experiment: Experiment, records: readonly RunRecord[], lang: Lang): string {
  const options = { columns: columnsOf(process.stdout), color: hasColor(process.stdout), lang };
  return figuresOver(experiment, records)
    .filter(({ isFine }) => !isFine)
    .map((figure) => `${renderTerminal(figure, options).trimEnd()}\n`)
    .join('\n');
}

/** Formats the final values: one row per arm, one column per measure; with several seeds the mean and the range. */
export function formatFinals(records: readonly RunRecord[], lang: Lang): string {
  const { measures, rows } = finalTable(records);
  const lines = rows.map(({ arm, cells, runs }) => [
    arm,
    ...cells.map((cell) => formatSummary(cell, records.length === 1)),
    paint.yellow(statusText(runs, lang)),
  ]);
  return table([[message('arm')[lang], ...measures.map((measure) => measureName(measure, lang)), ''], ...lines]);
}

/** Formats the tables of a search, seed by seed: its rounds, if it narrows its space, and its best trials. */
function formatSearch({ study: createStudy }: Experiment, records: readonly RunRecord[], lang: Lang): string[] {
  return records.flatMap((record) => {
    const study = createStudy?.(record.options as never);
    if (!study) return [];
    const seed = records.length > 1 ? `${message('seed')[lang]} ${record.seed} · ` : '';
    const tables = [roundsTable(study, completedTrials(study, record), lang), bestTable(study, record, lang)];
    return tables.flatMap((each) =>
      each ? [`${paint.bold(`${seed}${each.title[lang]}`)}\n${table([each.head, ...each.rows])}`] : [],
    );
  });
}

/**
 * Returns warnings about a search: its best trials are at the edge of a range, or its sampler had no earlier round to
 * use.
 */
export function findWarnings({ experiment, records }: RunReport, lang: Lang): string[] {
  const studies = records.map((record) => experiment.study?.(record.options as never));
  const edges = new Map<string, string>();
  for (const [index, study] of studies.entries())
    for (const edge of study ? findEdges(study, completedTrials(study, records[index] as RunRecord)) : []) {
      const key = `${edge.dimension.name} ${edge.end}`;
      const advice = suggestRange(edge, experiment.options, lang);
      if (!edges.has(key)) edges.set(key, `${edge.text[lang]} ${advice}`.trimEnd());
    }
  const [study] = studies;
  if (!study || !isAllRandom(study)) return [...edges.values()];
  const random = message('all-random', { trials: study.trials, sampler: study.sampler.kind });
  return [random[lang], ...edges.values()];
}

/** Suggests a range that is a factor of ten wider, if an option sets it: `lrHigh` for the dimension `lr`. */
function suggestRange({ dimension, end }: Edge, options: Experiment['options'], lang: Lang): string {
  const option = `${dimension.name}${end === 'high' ? 'High' : 'Low'}`;
  if (dimension.kind !== 'float' || !Object.hasOwn(options, option)) return message('fixed-range')[lang];
  const wider = end === 'high' ? dimension.high + 1 : dimension.low - 1;
  return message('widen', { flag: `${toFlag(option)} ${wider}` })[lang];
}

/** Formats `✓ sentence` or `✗ sentence` per claim, with the numbers behind it. */
export function formatClaims(claims: readonly Verdict[], lang: Lang): string {
  if (claims.length === 0) return '';
  const lines = claims.map((verdict) => {
    const { text, holds } = verdict;
    const mark = holds ? paint.green('✓') : paint.yellow('✗');
    const numbers = evidenceTable(verdict).map((row) => formatEvidence(row, lang));
    const width = columnsOf(process.stdout) - 4;
    const [first, ...more] = wrapText(text[lang], width);
    const details = wrap(numbers, ' · ', width).map((line) => paint.dim(line));
    return [`  ${mark} ${first}`, ...[...more, ...details].map((line) => `    ${line}`)];
  });
  return `${paint.bold(message('claims')[lang])}\n${lines.flat().join('\n')}\n`;
}

/** Formats `mean loss 0.21`, with several seeds and its 95 % confidence interval `mean loss 0.21 [0.18, 0.24]`. */
function formatEvidence({ name, value, interval }: EvidenceRow, lang: Lang): string {
  const range = interval ? ` [${interval.map((end) => formatNumber(end)).join(', ')}]` : '';
  return `${measureName(name, lang)} ${formatNumber(value)}${range}`;
}

/** Formats the path of the record, and commands to copy for what can be done with it. */
function formatPaths({ experiment, records, path, files }: RunReport, lang: Lang): string {
  const seconds = Math.max(...records.map(({ elapsedSeconds }) => elapsedSeconds));
  const time = seconds < 10 ? `${seconds.toFixed(seconds < 1 ? 2 : 1)} s` : formatSeconds(seconds);
  const folder = shellQuoted(path);
  const commands = [
    `${self} plot ${folder} -o report.html`,
    `${self} verify ${folder}`,
    ...(experiment.study ? files : []).map(
      (file) => `${self} export ${files.length === 1 ? folder : shellQuoted(file)} --format csv -o trials.csv`,
    ),
  ];
  return [
    paint.bold(message('record')[lang]),
    `  ${files.length === 1 ? files[0] : `${files[0]} … ${files.at(-1)}`}  ${paint.dim(message('seconds', { time })[lang])}`,
    ...commands.map((command) => `  ${paint.dim(command)}`),
    '',
  ].join('\n');
}
