// descent plot: the figures of a record, or of one run at several seeds, as SVG or PNG; as HTML with all that there is to say.
import { extname } from 'node:path';
import { type Figure, figuresOver, type Lang } from '@descent/experiments';
import type { SvgOptions } from '@descent/experiments/svg';
import { Command } from 'commander';
import { badValue, needsFile, wholeReport } from '../errors.ts';
import { badChoice, choiceFlag, langFlag } from '../flags.ts';
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
    .argument('<records...>', 'run.json of a run, or of one at several seeds; folders of runs do as well')
    .addOption(choiceFlag('--format <format>', "default: what the file's name ends in, or svg", formats))
    .option('-o, --output <file>', 'file to write, missing folders are made; without it SVG and HTML go to stdout')
    .option('--figure <id>', 'one figure of several (default: all)')
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
  const format = flags.format ?? formatOf(flags.output);
  return format === 'html' ? report(runs, flags) : draw(runs, format, flags);
}

/** One page with everything. */
async function report({ experiment, records }: OpenedRuns, { figure, theme, output, lang }: PlotFlags): Promise<void> {
  if (figure !== undefined) throw wholeReport('--figure');
  if (theme !== undefined) throw wholeReport('--theme');
  const { renderHtml } = await import('@descent/experiments/html');
  const page = renderHtml(experiment, records, { lang });
  if (output === undefined) print(page);
  else writeOutput(output, page);
}

async function draw({ experiment, records }: OpenedRuns, format: Format, flags: PlotFlags): Promise<void> {
  const figures = chosen(figuresOver(experiment, records), flags.figure);
  const { drawSvg } = await import('../terminal/svg.ts');
  for (const figure of figures) {
    const svg = drawSvg(figure, flags.lang, flags.theme ?? 'light');
    const content = format === 'png' ? await toPng(svg, flags.lang) : svg;
    if (flags.output !== undefined) writeOutput(fileFor(flags.output, figure, figures), content);
    else if (typeof content === 'string' && figures.length === 1) print(content);
    else
      throw needsFile(
        format,
        figures.map(({ id }) => id),
      );
  }
}

function chosen(figures: readonly Figure[], id: string | undefined): readonly Figure[] {
  if (id === undefined) return figures;
  const figure = figures.find((candidate) => candidate.id === id);
  if (figure) return [figure];
  throw badChoice(
    '--figure',
    id,
    figures.map((candidate) => candidate.id),
  );
}

function formatOf(output: string | undefined): Format {
  const ending = output === undefined ? 'svg' : extname(output).slice(1).toLowerCase();
  const format = formats.find((candidate) => candidate === ending);
  if (format) return format;
  throw badValue('-o', output ?? '', `a file that ends in .${formats.join(' or .')}, or --format beside it`);
}

/** `figure.svg`, or of several `figure-training-loss.svg`. */
function fileFor(output: string, { id }: Figure, figures: readonly Figure[]): string {
  if (figures.length === 1) return output;
  const ending = extname(output);
  return `${output.slice(0, output.length - ending.length)}-${id}${ending}`;
}

/** The rasterizer is loaded only for PNG. */
async function toPng(svg: string, lang: Lang): Promise<Uint8Array> {
  const { renderPng } = await import('../terminal/png.ts');
  if (lang !== 'en' && systemFont(lang) === undefined)
    log.line('no font with these letters was found; descent doctor says which to install');
  return renderPng(svg, lang);
}
