// Figures as SVG: the same text in a page and in a file.

import { message } from '../../i18n/index.ts';
import { curveName } from '../../record/measure-name.ts';
import type { Lang } from '../../text.ts';
import { type Figure, legendOf, type Panel } from '../figure.ts';
import { darkSchemeCss, type Theme } from '../theme.ts';
import { axes } from './axes.ts';
import { barPanel } from './bar-panel.ts';
import { histogramPanel } from './histogram-panel.ts';
import { type Frame, layoutOf, MARGIN } from './layout.ts';
import { linePanel } from './line-panel.ts';
import { element, escaped, text, textWidth } from './markup.ts';
import { pathPanel } from './path-panel.ts';
import { scatterPanel } from './scatter-panel.ts';
import { type Drawn, marks, type Style, styleOf } from './style.ts';

export type { Theme } from '../theme.ts';
export type { Frame, LabelledSides, Layout, LogAxes } from './layout.ts';
export { fromX, fromY, layoutOf, toX, toY } from './layout.ts';

/** Language and colors. */
export interface SvgOptions {
  /** Default 'en'. */
  readonly lang?: Lang;
  /** Colors. `auto`: light, or dark where the reader's system is dark. Default 'light'. */
  readonly theme?: Theme | 'auto';
}

/** DejaVu Sans first, or Verdana, which shares its measures; then what a system has for its script. */
const FONTS: Readonly<Record<Lang, string>> = message('figure.font-family');

/** A figure as one SVG document: title, legend, panels. Its caption is its description for those who cannot see it. */
export function renderSvg(figure: Figure, { lang = 'en', theme = 'light' }: SvgOptions = {}): string {
  const { width, height, legend, frames } = layoutOf(figure);
  const style = styleOf(figure, lang, theme === 'auto' ? 'light' : theme);
  const { palette } = style;
  const title = figure.title[lang];
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const font = { 'font-family': FONTS[lang], 'font-size': 12, fill: palette.text, color: palette.text };
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

/** Names in a row of their own, where no curve can run over them. */
function drawLegend(figure: Figure, y: number, style: Style): string {
  // Points that no line joins have none here either.
  const all = figure.panels.flatMap(({ curves }) => curves);
  const isLoose = (name: string) => all.some((curve) => curve.name === name && curve.role === 'points');
  let x = MARGIN;
  const entries = legendOf(figure).flatMap((name) => {
    const [color, start, said] = [style.color(name), x, curveName(name, style.lang)];
    x += 56 + 8 * textWidth(said);
    return [
      isLoose(name)
        ? ''
        : element('line', { x1: start, x2: start + 28, y1: y, y2: y, stroke: color, 'stroke-width': 2 }),
      marks(style.symbol(name), [[start + 14, y]], { r: 4, color }),
      text(said, { x: start + 35, y: y + 4 }),
    ];
  });
  return element('g', {}, ...entries);
}

/** What is drawn inside the axes, by the kind of panel. */
const panels = { line: linePanel, scatter: scatterPanel, histogram: histogramPanel, path: pathPanel, bar: barPanel };

function drawPanel(panel: Panel, frame: Frame, clip: string, style: Style): string {
  const draw = panels[panel.kind] as (panel: Panel, frame: Frame, style: Style) => Drawn;
  const { below, clipped, above = '' } = draw(panel, frame, style);
  const { left: x, top: y, width, height } = frame;
  return element(
    'g',
    {},
    below,
    element('clipPath', { id: clip }, element('rect', { x, y, width, height })),
    element('g', { 'clip-path': `url(#${clip})` }, clipped),
    axes(panel, frame, style),
    above,
  );
}
