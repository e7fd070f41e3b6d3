// Figures in a terminal: braille curves with axes, in 80 columns, with colors or without.

import { curveName } from '../../record/measure-name.ts';
import type { Lang } from '../../text.ts';
import { curveNames, type Figure, isCompact, legendOf } from '../figure.ts';
import { padCentre } from '../text-width.ts';
import { inks, nth, signs } from '../theme.ts';
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
/** Columns that a panel needs; where they do not fit side by side, panels stand one below the other. */
const NARROWEST = { line: 36, scatter: 36, path: 36, histogram: 10, bar: 36 };
const NARROWEST_COMPACT = 18;

/** A figure as lines of text, none longer than `columns`, of which there should be 60 or more. */
export function renderTerminal(figure: Figure, options: TerminalOptions = {}): string {
  const { columns = 80, color = false, lang = 'en' } = options;
  const names = curveNames(figure);
  const style: TerminalStyle = { lang, names, paint: color ? paint : (text) => text, isCompact: isCompact(figure) };
  const gap = isCompact(figure) ? 1 : GAP;
  const abreast = Math.max(1, Math.min(figure.columns, Math.floor((columns + gap) / (narrowest(figure) + gap))));
  const width = Math.floor((columns + gap) / abreast) - gap;
  const lines = [padCentre(figure.title[lang], columns), ''];
  const legend = legendOf(figure).map((name) =>
    style.paint(`${nth(signs, names.indexOf(name))} ${curveName(name, lang)}`, names.indexOf(name)),
  );
  if (legend.length > 0) lines.push(`  ${legend.join('   ')}`, '');
  const [first] = figure.panels;
  if (isCompact(figure) && first) lines.push(`  ↑ ${first.y.label[lang]}   → ${first.x.label[lang]}`, '');
  for (let start = 0; start < figure.panels.length; start += abreast) {
    const blocks = figure.panels.slice(start, start + abreast).map((panel) => panelLines(panel, width, style));
    lines.push(...sideBySide(blocks, gap));
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

function narrowest(figure: Figure): number {
  const { kind } = figure.panels[0] ?? { kind: 'line' };
  return isCompact(figure) ? Math.min(NARROWEST[kind], NARROWEST_COMPACT) : NARROWEST[kind];
}

function sideBySide(blocks: readonly string[][], gap: number): string[] {
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, i) => blocks.map((block) => block[i] ?? '').join(' '.repeat(gap)));
}

function paint(text: string, ink: number): string {
  return `\u001b[${ink === FAINT ? 2 : nth(inks, ink)}m${text}\u001b[0m`;
}
