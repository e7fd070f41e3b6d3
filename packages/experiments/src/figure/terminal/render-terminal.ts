// Figures in a terminal: curves of braille dots with axes, with or without colors.

import { curveName } from '../../record/measure-name.ts';
import type { Lang } from '../../text.ts';
import { curveNames, type Figure, isCompact, legendNames } from '../figure.ts';
import { displayWidth, padCenter } from '../text-width.ts';
import { cyclic, symbolCharacters, terminalColors } from '../theme.ts';
import { panelLines } from './panel.ts';
import { FAINT, type TerminalStyle } from './style.ts';

/** How a figure is drawn in characters. */
export interface TerminalOptions {
  /** Width in characters. Default 80. */
  readonly columns?: number;
  /** Whether to use the terminal's sixteen colors. Default false. */
  readonly color?: boolean;
  /** Default 'en'. */
  readonly lang?: Lang;
}

/** Columns between panels. */
const GAP = 2;
/** Minimum columns of a panel. Panels that do not fit side by side are drawn one below the other. */
const MIN_COLUMNS = { line: 36, scatter: 36, path: 36, histogram: 10, bar: 36 };
const MIN_COMPACT_COLUMNS = 18;

/** Draws a figure as lines of text of at most `columns` columns. `columns` should be 60 or more. */
export function renderTerminal(figure: Figure, options: TerminalOptions = {}): string {
  const { columns = 80, color = false, lang = 'en' } = options;
  const names = curveNames(figure);
  const style: TerminalStyle = { lang, names, paint: color ? paint : (text) => text, isCompact: isCompact(figure) };
  const gap = isCompact(figure) ? 1 : GAP;
  const perRow = Math.max(1, Math.min(figure.columns, Math.floor((columns + gap) / (minColumns(figure) + gap))));
  const width = Math.floor((columns + gap) / perRow) - gap;
  const lines = [padCenter(figure.title[lang], columns), ''];
  const legend = legendNames(figure).map((name) =>
    style.paint(`${cyclic(symbolCharacters, names.indexOf(name))} ${curveName(name, lang)}`, names.indexOf(name)),
  );
  if (legend.length > 0) lines.push(`  ${legend.join('   ')}`, '');
  const [first] = figure.panels;
  if (isCompact(figure) && first) lines.push(`  ↑ ${first.y.label[lang]}   → ${first.x.label[lang]}`, '');
  for (let start = 0; start < figure.panels.length; start += perRow) {
    const blocks = figure.panels.slice(start, start + perRow).map((panel) => panelLines(panel, width, style));
    lines.push(...sideBySide(blocks, gap));
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

function minColumns(figure: Figure): number {
  const { kind } = figure.panels[0] ?? { kind: 'line' };
  return isCompact(figure) ? Math.min(MIN_COLUMNS[kind], MIN_COMPACT_COLUMNS) : MIN_COLUMNS[kind];
}

function sideBySide(blocks: readonly string[][], gap: number): string[] {
  const height = Math.max(...blocks.map((block) => block.length));
  const widths = blocks.map(([first = '']) => displayWidth(first));
  return Array.from({ length: height }, (_, i) =>
    blocks.map((block, b) => block[i] ?? ' '.repeat(widths[b] as number)).join(' '.repeat(gap)),
  );
}

function paint(text: string, color: number): string {
  return `\u001b[${color === FAINT ? 2 : cyclic(terminalColors, color)}m${text}\u001b[0m`;
}
