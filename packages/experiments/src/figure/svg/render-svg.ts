// Figures as SVG. The page and files have the same text.

import { message } from '../../i18n/index.ts';
import type { Figure, Panel } from '../figure.ts';
import { darkSchemeCss, type Theme } from '../theme.ts';
import { drawAxes } from './axes.ts';
import { drawBarPanel, drawHistogramPanel } from './bar-panels.ts';
import { type Frame, type LayoutOptions, type LegendEntry, layoutFigure, MARGIN, TITLE_LINE } from './layout.ts';
import { drawLinePanel } from './line-panel.ts';
import { drawPathPanel, drawScatterPanel } from './map-panels.ts';
import { element, escaped, text } from './markup.ts';
import { drawMarks, drawNotes } from './notes.ts';
import { createStyle, drawSymbols, type PanelContent, type Style } from './style.ts';

export type { Theme } from '../theme.ts';
export type { Frame, Layout, LayoutOptions, LegendEntry } from './layout.ts';
export { fromX, fromY, layoutFigure, toX, toY } from './layout.ts';

/** Language, width and colors. */
export interface SvgOptions extends LayoutOptions {
  /** Colors. `auto`: light, or dark where the reader's system is dark. Default 'light'. */
  readonly theme?: Theme | 'auto';
}

/** DejaVu Sans, or Verdana, which has the same widths; then a font for the script of the language. */
const fonts = message('figure.font-family');

/** Draws a figure as one SVG document: title, legend, panels. The caption is its description for screen readers. */
export function renderSvg(figure: Figure, options: SvgOptions = {}): string {
  const { lang = 'en', theme = 'light', isLive = false } = options;
  const { width, height, title: lines, legend, frames } = layoutFigure(figure, options);
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
    ...lines.map((line, i) =>
      text(line, { x: MARGIN, y: 26 + TITLE_LINE * i, 'font-size': 15, 'font-weight': 'bold' }),
    ),
    legend.length === 0 ? '' : drawLegend(figure, legend, style),
    ...figure.panels.map((panel, i) => drawPanel(panel, frames[i] as Frame, `${figure.id}-clip-${i + 1}`, style)),
  );
}

/** Draws the legend above the panels. */
function drawLegend(figure: Figure, legend: readonly LegendEntry[], style: Style): string {
  const all = figure.panels.flatMap(({ curves }) => curves);
  const isPoints = (name: string) => all.some((curve) => curve.name === name && curve.role === 'points');
  const entries = legend.flatMap(({ name, label, x, y }) => {
    const color = style.color(name);
    return [
      isPoints(name) ? '' : element('line', { x1: x, x2: x + 28, y1: y, y2: y, stroke: color, 'stroke-width': 2 }),
      drawSymbols(style.symbol(name), [[x + 14, y]], { r: 4, color }),
      text(label, { x: x + 35, y: y + 4 }),
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
