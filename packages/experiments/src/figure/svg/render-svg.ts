// Figures as SVG. The page and files have the same text.

import { message } from '../../i18n/index.ts';
import { curveName } from '../../record/measure-name.ts';
import type { Lang } from '../../text.ts';
import { type Figure, legendNames, type Panel } from '../figure.ts';
import { darkSchemeCss, type Theme } from '../theme.ts';
import { drawAxes } from './axes.ts';
import { drawBarPanel, drawHistogramPanel } from './bar-panels.ts';
import { type Frame, layoutFigure, MARGIN } from './layout.ts';
import { drawLinePanel } from './line-panel.ts';
import { drawPathPanel, drawScatterPanel } from './map-panels.ts';
import { element, escaped, text, textWidth } from './markup.ts';
import { drawMarks, drawNotes } from './notes.ts';
import { createStyle, drawSymbols, type PanelContent, type Style } from './style.ts';

export type { Theme } from '../theme.ts';
export type { Frame, Layout } from './layout.ts';
export { fromX, fromY, layoutFigure, toX, toY } from './layout.ts';

/** Language and colors. */
export interface SvgOptions {
  /** Default 'en'. */
  readonly lang?: Lang;
  /** Colors. `auto`: light, or dark where the reader's system is dark. Default 'light'. */
  readonly theme?: Theme | 'auto';
  /**
   * Whether the figure shows a race: the legend is in the order of the ranking, and a ball is at the end of each curve that
   * has not reached the end of its axis. Default false.
   */
  readonly isLive?: boolean;
}

/** DejaVu Sans, or Verdana, which has the same widths; then a font for the script of the language. */
const fonts = message('figure.font-family');

/** Draws a figure as one SVG document: title, legend, panels. The caption is its description for screen readers. */
export function renderSvg(figure: Figure, options: SvgOptions = {}): string {
  const { lang = 'en', theme = 'light', isLive = false } = options;
  const { width, height, legend, frames } = layoutFigure(figure);
  const style = createStyle(figure, lang, theme === 'auto' ? 'light' : theme, isLive);
  const { palette } = style;
  const title = figure.title[lang];
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const font = { 'font-family': fonts[lang], 'font-size': 12, fill: palette.text, color: palette.text };
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...size, role: 'img', ...font },
    element('title', {}, escaped(title)),
    element('desc', {}, escaped(figure.caption[lang])),
    theme === 'auto' ? element('style', {}, darkSchemeCss()) : '',
    element('rect', { width, height, fill: palette.background }),
    text(title, { x: MARGIN, y: 26, 'font-size': 15, 'font-weight': 'bold' }),
    legend === undefined ? '' : drawLegend(figure, legend, style),
    ...figure.panels.map((panel, i) => drawPanel(panel, frames[i] as Frame, `${figure.id}-clip-${i + 1}`, style)),
  );
}

/** Returns the curves of the legend, with their places if the figure shows a race. */
function legendEntries(figure: Figure, { lang, isLive }: Style): { name: string; label: string }[] {
  const names = legendNames(figure);
  const ranking = isLive ? (figure.ranking ?? []) : [];
  if (names.length === 0 || ranking.length !== names.length)
    return names.map((name) => ({ name, label: curveName(name, lang) }));
  return ranking.map(({ name }, i) => ({ name, label: `${i + 1}. ${curveName(name, lang)}` }));
}

/** Draws the legend in a row above the panels. */
function drawLegend(figure: Figure, y: number, style: Style): string {
  const all = figure.panels.flatMap(({ curves }) => curves);
  const isPoints = (name: string) => all.some((curve) => curve.name === name && curve.role === 'points');
  let x = MARGIN;
  const entries = legendEntries(figure, style).flatMap(({ name, label }) => {
    const [color, start] = [style.color(name), x];
    x += 56 + 8 * textWidth(label);
    return [
      isPoints(name)
        ? ''
        : element('line', { x1: start, x2: start + 28, y1: y, y2: y, stroke: color, 'stroke-width': 2 }),
      drawSymbols(style.symbol(name), [[start + 14, y]], { r: 4, color }),
      text(label, { x: start + 35, y: y + 4 }),
    ];
  });
  return element('g', {}, ...entries);
}

/** Draws the content of a panel, by its kind. */
const drawContent = {
  line: drawLinePanel,
  scatter: drawScatterPanel,
  histogram: drawHistogramPanel,
  path: drawPathPanel,
  bar: drawBarPanel,
};

function drawPanel(panel: Panel, frame: Frame, clip: string, style: Style): string {
  const draw = drawContent[panel.kind] as (panel: Panel, frame: Frame, style: Style) => PanelContent;
  const { below, clipped, above = '' } = draw(panel, frame, style);
  const { left: x, top: y, width, height } = frame;
  return element(
    'g',
    {},
    below,
    drawMarks(panel, frame, style),
    element('clipPath', { id: clip }, element('rect', { x, y, width, height })),
    element('g', { 'clip-path': `url(#${clip})` }, clipped),
    drawAxes(panel, frame, style),
    above,
    drawNotes(panel, frame, style),
  );
}
