// descent plot: the figures of a record, or of runs with several seeds, as SVG or PNG, or with all results as HTML.
import { extname } from 'node:path';
import type { Figure, Lang } from '@descent/experiments';
import { figuresOver } from '@descent/experiments/layers';
import type { SvgOptions } from '@descent/experiments/svg';
import { Command } from 'commander';
import { usageError } from '../exit.ts';
import { badChoice, badValue, choiceFlag, langFlag } from '../flags.ts';
import { writeOutput } from '../store/files.ts';
import { type OpenedRuns, openRuns } from '../store/records.ts';
import { systemFont } from '../terminal/fonts.ts';
import { log, print } from '../terminal/terminal.ts';

const formats = ['svg', 'png', 'html'] as const;
type Format = (typeof formats)[number];

interface PlotFlags {
  readonly format?: Format;
  readonly output?: string;
  readonly figure?: string;
  readonly theme?: SvgOptions['theme'];
  readonly lang: Lang;
}

export function create(name: string): Command {
  return new Command(name)
    .argument('<records...>', 'run.json of a run, or of one with several seeds; or folders of runs')
    .addOption(choiceFlag('--format <format>', "[default: the file's extension, or svg]", formats))
    .option('-o, --output <file>', 'file to write; missing folders are created [default: stdout, for SVG and HTML]')
    .option('--figure <id>', 'draw one figure [default: all]')
    .addOption(choiceFlag('--theme <theme>', "colors; auto: by the reader's system", ['light', 'dark', 'auto']))
    .addOption(langFlag())
    .addHelpText(
      'after',
      '\nExample:\n  descent plot run.json --lang ko -o figure.png\n  descent plot runs/seeds1to5 -o report.html\n',
    )
    .action(plot);
}

async function plot(paths: readonly string[], flags: PlotFlags): Promise<void> {
  const runs = openRuns(paths);
  const format = flags.format ?? readFormat(flags.output);
  return format === 'html' ? writeHtml(runs, flags) : writeFigures(runs, format, flags);
}

async function writeHtml({ experiment, records }: OpenedRuns, flags: PlotFlags): Promise<void> {
  const flag = (['figure', 'theme'] as const).find((name) => flags[name] !== undefined);
  if (flag)
    throw usageError(`--${flag} cannot be used with html, which shows everything`, `remove it, or use --format svg`);
  const { renderHtml } = await import('@descent/experiments/html');
  const page = renderHtml(experiment, records, { lang: flags.lang });
  if (flags.output === undefined) print(page);
  else writeOutput(flags.output, page);
}

async function writeFigures({ experiment, records }: OpenedRuns, format: Format, flags: PlotFlags): Promise<void> {
  const { output, lang, theme = 'light' } = flags;
  const figures = select(figuresOver(experiment, records), flags.figure);
  if (output === undefined && (format === 'png' || figures.length > 1)) throw needsFile(format, figures);
  const { renderSvg } = await import('@descent/experiments/svg');
  for (const figure of figures) {
    const svg = renderSvg(figure, { lang, theme });
    if (output === undefined) print(svg);
    else writeOutput(toFile(output, figure, figures), format === 'png' ? await toPng(svg, lang) : svg);
  }
}

function needsFile(format: Format, figures: readonly Figure[]) {
  if (figures.length === 1) return usageError(`${format} needs a file`, `name it with -o FILE.${format}`);
  const ids = figures.map(({ id }) => id).join(', ');
  return usageError(
    `stdout takes one figure, and there are ${figures.length}`,
    `write all with -o FILE, or select one with --figure: ${ids}`,
  );
}

function select(figures: readonly Figure[], id: string | undefined): readonly Figure[] {
  const selected = figures.filter((figure) => id === undefined || figure.id === id);
  if (selected.length > 0) return selected;
  const ids = figures.map((figure) => figure.id);
  throw badChoice('--figure', id ?? '', ids);
}

function readFormat(output: string | undefined): Format {
  const extension = output === undefined ? 'svg' : extname(output).slice(1).toLowerCase();
  const format = formats.find((candidate) => candidate === extension);
  if (format) return format;
  throw badValue('-o', output ?? '', `a file that ends in .${formats.join(' or .')}, or --format beside it`);
}

/** Returns `figure.svg`, or for several figures `figure-training-loss.svg`. */
function toFile(output: string, { id }: Figure, figures: readonly Figure[]): string {
  if (figures.length === 1) return output;
  const extension = extname(output);
  return `${output.slice(0, output.length - extension.length)}-${id}${extension}`;
}

async function toPng(svg: string, lang: Lang): Promise<Uint8Array> {
  const { renderPng } = await import('../terminal/png.ts');
  if (lang !== 'en' && systemFont(lang) === undefined)
    log.line('no font with the letters of this language was found; descent doctor says which to install');
  return renderPng(svg, lang);
}
