// descent plot: the figures of a record, as SVG or PNG.
import { extname } from 'node:path';
import type { Figure, Lang } from '@descent/experiments';
import type { Theme } from '@descent/experiments/svg';
import { Command } from 'commander';
import { badValue, needsFile } from '../errors.ts';
import { writeWhole } from '../files.ts';
import { choiceFlag, langFlag } from '../flags.ts';
import { systemFont } from '../fonts.ts';
import { openRecord } from '../records.ts';
import { print, say } from '../terminal.ts';

const formats = ['svg', 'png'] as const;
type Format = (typeof formats)[number];

interface PlotFlags {
  readonly format?: Format;
  readonly output?: string;
  readonly figure?: string;
  readonly theme: Theme;
  readonly lang: Lang;
}

export function create(name: string): Command {
  return new Command(name)
    .argument('<record>', 'run.json of a run')
    .addOption(choiceFlag('--format <format>', "default: what the file's name ends in, or svg", formats))
    .option('-o, --output <file>', 'where to write; without it SVG goes to stdout')
    .option('--figure <id>', 'one figure of several (default: all)')
    .addOption(choiceFlag('--theme <theme>', 'for white or for dark pages', ['light', 'dark']).default('light'))
    .addOption(langFlag())
    .addHelpText('after', '\nExample:\n  descent plot run.json --lang ko -o figure.png\n')
    .action(plot);
}

async function plot(recordFile: string, flags: PlotFlags): Promise<void> {
  const { experiment, record } = openRecord(recordFile);
  const figures = chosen(experiment.figures(record), flags.figure);
  const format = flags.format ?? formatOf(flags.output);
  const { drawSvg } = await import('../svg.ts');
  for (const figure of figures) {
    const svg = drawSvg(figure, flags.lang, flags.theme);
    const content = format === 'png' ? await toPng(svg, flags.lang) : svg;
    if (flags.output !== undefined) write(fileFor(flags.output, figure, figures), content);
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
  throw badValue('--figure', id, `one of ${figures.map((candidate) => candidate.id).join(', ')}`);
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
  const { renderPng } = await import('../png.ts');
  if (lang !== 'en' && systemFont(lang) === undefined)
    say.line('no font with these letters was found; descent doctor says which to install');
  return renderPng(svg, lang);
}

function write(file: string, content: string | Uint8Array): void {
  writeWhole(file, content);
  say.line(file);
}
