// Figures as SVG, by Observable Plot: the same picture in a page and in a file.
import * as Plot from '@observablehq/plot';
import { contourLevels, rangeOf } from './extent.ts';
import { type Curve, curveNames, type Figure, type LinePanel, legendOf, type Panel, type PathPanel } from './figure.ts';
import { surfaces } from './surface.ts';
import type { Lang } from './text.ts';
import { nth, palettes, symbols, type Theme } from './theme.ts';
import { envelope } from './thin.ts';

export type { Theme } from './theme.ts';

export interface SvgOptions {
  /** Where elements are made: the page's document, or linkedom's in Node. */
  readonly document: Document;
  /** Default 'en'. */
  readonly lang?: Lang;
  /** Default 'light'. */
  readonly theme?: Theme;
}

/** Pixels. A figure is as wide whatever it shows. */
const WIDTH = 760;
const MARGIN = 16;
const TITLE_HEIGHT = 38;
const LEGEND_HEIGHT = 28;

/** DejaVu Sans first, or Verdana, which shares its measures; then what a system has for its script. */
const FONTS: Readonly<Record<Lang, string>> = {
  en: 'DejaVu Sans, Verdana, sans-serif',
  ko: 'DejaVu Sans, Verdana, Noto Sans CJK KR, Noto Sans KR, Apple SD Gothic Neo, Malgun Gothic, sans-serif',
  ja: 'DejaVu Sans, Verdana, Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, sans-serif',
};

/** What marks need to know of the figure they belong to. */
interface Style {
  readonly document: Document;
  readonly lang: Lang;
  readonly palette: (typeof palettes)[Theme];
  /** Colour and symbol of a curve, by its place among the names of the figure. */
  readonly colour: (name: string) => string;
  readonly symbol: (name: string) => (typeof symbols)[number];
}

/** A part of the figure, in its own coordinates. */
interface Drawing {
  readonly svg: Element;
  readonly height: number;
}

/** A figure as one SVG document: title, legend, panels. Its caption is its description for those who cannot see it. */
export function renderSvg(figure: Figure, { document, lang = 'en', theme = 'light' }: SvgOptions): string {
  const names = curveNames(figure);
  const style: Style = {
    document,
    lang,
    palette: palettes[theme],
    colour: (name) => nth(palettes[theme].curves, names.indexOf(name)),
    symbol: (name) => nth(symbols, names.indexOf(name)),
  };
  const legend = legendOf(figure).length > 0 ? [drawLegend(legendOf(figure), style)] : [];
  const panels = figure.panels.map((panel) => drawPanel(panel, panelWidth(figure), style));
  return tidy(assemble(figure, legend, panels, style).outerHTML, figure.id);
}

function panelWidth({ columns }: Figure): number {
  return (WIDTH - MARGIN * (columns + 1)) / columns;
}

function assemble(figure: Figure, legend: readonly Drawing[], panels: readonly Drawing[], style: Style): Element {
  const { document, lang, palette } = style;
  const content: Element[] = [];
  let y = TITLE_HEIGHT;
  for (const { svg, height } of legend) {
    content.push(place(svg, 0, y));
    y += height;
  }
  for (let start = 0; start < panels.length; start += figure.columns) {
    const row = panels.slice(start, start + figure.columns);
    for (const [i, { svg }] of row.entries()) content.push(place(svg, MARGIN + i * (panelWidth(figure) + MARGIN), y));
    y += Math.max(...row.map(({ height }) => height)) + MARGIN / 2;
  }
  const size = { width: WIDTH, height: y, viewBox: `0 0 ${WIDTH} ${y}` };
  const font = { 'font-family': FONTS[lang], 'font-size': 12, fill: palette.text, color: palette.text };
  return element(document, 'svg', { xmlns: 'http://www.w3.org/2000/svg', ...size, role: 'img', ...font }, [
    element(document, 'title', {}, [figure.title[lang]]),
    element(document, 'desc', {}, [figure.caption[lang]]),
    element(document, 'rect', { width: WIDTH, height: y, fill: palette.background }),
    element(document, 'text', { x: MARGIN, y: 26, 'font-size': 15, 'font-weight': 'bold' }, [figure.title[lang]]),
    ...content,
  ]);
}

/** Names in a row of their own, where no curve can run over them. */
function drawLegend(names: readonly string[], style: Style): Drawing {
  let x = MARGIN;
  const marks = names.flatMap((name) => {
    const stroke = style.colour(name);
    const start = x;
    x += 56 + 8 * name.length;
    return [
      Plot.link([0], { x1: [start], x2: [start + 28], y1: [0], y2: [0], stroke, strokeWidth: 2 }),
      Plot.dot([0], { x: [start + 14], y: [0], symbol: style.symbol(name), fill: stroke, r: 4 }),
      Plot.text([name], { x: [start + 35], y: [0], textAnchor: 'start' }),
    ];
  });
  const axes = { x: { type: 'identity', axis: null }, y: { domain: [-1, 1], axis: null } } as const;
  return plot({ ...axes, marks, margin: 0, width: WIDTH, height: LEGEND_HEIGHT }, style);
}

function drawPanel(panel: Panel, width: number, style: Style): Drawing {
  const { lang, palette } = style;
  const margins = { marginLeft: 46, marginRight: 20, marginTop: panel.title ? 32 : 26, marginBottom: 40 };
  const innerWidth = width - margins.marginLeft - margins.marginRight;
  const [x, y] = [rangeOf(panel, 'x'), rangeOf(panel, 'y')];
  const innerHeight =
    panel.kind === 'path' ? mapHeight(innerWidth, x, y) : Math.round(Math.min(340, innerWidth * 0.75));
  const ticks = innerHeight / 48;
  const title = panel.title?.[lang];
  const above = { frameAnchor: 'top-left', textAnchor: 'start', dy: -14 } as const;
  return plot(
    {
      ...margins,
      width,
      height: innerHeight + margins.marginTop + margins.marginBottom,
      x: { domain: x },
      y: { domain: y },
      color: { range: [...palette.ground] },
      marks: [
        ...(panel.kind === 'path'
          ? pathMarks(panel, style)
          : [Plot.gridY({ ticks, stroke: palette.grid, strokeOpacity: 1 }), ...lineMarks(panel, innerWidth, style)]),
        Plot.axisX({ ticks: innerWidth / 80, label: panel.x.label[lang], labelAnchor: 'center', labelArrow: 'none' }),
        Plot.axisY({ ticks, label: null }),
        Plot.text([panel.y.label[lang]], above),
        ...(title ? [Plot.text([title], { frameAnchor: 'top', dy: -20, fontSize: 13, fontWeight: 'bold' })] : []),
      ],
    },
    style,
  );
}

/** Equal scales on both axes, so that angles are true, unless the map would become a ribbon or a tower. */
function mapHeight(width: number, [left, right]: readonly number[], [low, high]: readonly number[]): number {
  const height = (width * ((high as number) - (low as number))) / ((right as number) - (left as number));
  return Math.round(Math.min(320, Math.max(130, height)));
}

function lineMarks(panel: LinePanel, width: number, style: Style): Plot.Markish[] {
  const curve = ({ x, y, name }: Curve, strokeWidth: number, strokeOpacity: number) => {
    const thin = envelope({ x, y }, Math.round(width));
    const channels = { x: thin.x as number[], y: thin.y as number[] };
    return Plot.line(
      { length: thin.x.length },
      { ...channels, stroke: style.colour(name), strokeWidth, strokeOpacity, clip: true },
    );
  };
  const smooth = panel.curves.filter(({ role }) => role === 'smooth');
  return [
    ...panel.curves.filter(({ role }) => role === 'raw').map((raw) => curve(raw, 0.75, 0.3)),
    ...smooth.map((each) => curve(each, 1.75, 1)),
    ...smooth.map((each, index) => markers(each, index / smooth.length, style)),
    Plot.frame({ stroke: style.palette.muted }),
  ];
}

/** A dozen symbols along a curve, not abreast with those of its neighbours. */
function markers({ name, x, y }: Curve, shift: number, { colour, symbol, palette }: Style): Plot.Markish {
  const count = Math.min(12, x.length);
  const at = Array.from({ length: count }, (_, i) => Math.floor(((i + shift) * x.length) / count));
  const channels = { x: at.map((i) => x[i] as number), y: at.map((i) => y[i] as number) };
  const look = { symbol: symbol(name), fill: colour(name), stroke: palette.background, strokeWidth: 0.75, r: 4 };
  return Plot.dot({ length: count }, { ...channels, ...look, clip: true });
}

function pathMarks(panel: PathPanel, { colour, symbol, palette }: Style): Plot.Markish[] {
  const { value, minimum } = surfaces[panel.surface];
  const [[x1, x2], [y1, y2]] = [rangeOf(panel, 'x'), rangeOf(panel, 'y')];
  const thresholds = contourLevels(value, panel);
  const ground = { x1, x2, y1, y2, fill: value, thresholds, stroke: palette.contour, strokeWidth: 0.75 };
  const ways = panel.curves.flatMap(({ name, x, y }) => {
    const channels = { x: x as number[], y: y as number[] };
    const data = { length: x.length };
    return [
      Plot.line(data, { ...channels, stroke: colour(name), strokeWidth: 1.5, clip: true }),
      Plot.dot(data, { ...channels, symbol: symbol(name), fill: colour(name), r: 2.75, clip: true }),
    ];
  });
  return [
    Plot.contour(ground),
    ...ways,
    Plot.dot([minimum], { symbol: 'plus', stroke: palette.text, strokeWidth: 1.5, r: 5 }),
    Plot.frame({ stroke: palette.muted }),
  ];
}

function plot(options: Plot.PlotOptions, { document, lang }: Style): Drawing {
  const svg = Plot.plot({ ...options, document });
  // Its own style sheet is for pages; fonts and colours are attributes here, which every reader of SVG knows.
  for (const style of [...svg.querySelectorAll('style')]) style.remove();
  svg.setAttribute('font-family', FONTS[lang]);
  svg.setAttribute('font-size', '12');
  return { svg, height: options.height as number };
}

function place(svg: Element, x: number, y: number): Element {
  svg.setAttribute('x', String(x));
  svg.setAttribute('y', String(y));
  return svg;
}

/**
 * Hundredths of a pixel are enough. Plot numbers its clip paths on and on; here equal figures are equal text, and
 * different ones share no id.
 */
function tidy(svg: string, figure: string): string {
  const ids = new Map<string, string>();
  const toOwnId = (id: string) => {
    if (!ids.has(id)) ids.set(id, `${figure}-clip-${ids.size + 1}`);
    return ids.get(id) as string;
  };
  const round = (digits: string) => String(Math.round(Number(digits) * 100) / 100);
  return svg
    .replace(/plot-clip-\d+/g, toOwnId)
    .replace(/="[^"]*"/g, (attribute) => attribute.replace(/\d+\.\d{3,}/g, round));
}

type Attributes = Readonly<Record<string, string | number>>;

function element(
  document: Document,
  name: string,
  attributes: Attributes,
  children: (Element | string)[] = [],
): Element {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}
