// Figures for pages: those of `descent plot`, with no more points than a picture of this size can show.
import type { Figure, Lang, Panel } from '@descent/experiments';
import { renderSvg } from '@descent/experiments/svg';
import { palettes } from '../../packages/experiments/src/figure/theme.ts';

/** Points of a curve: over some 660 pixels. */
const POINTS = 220;

export function drawFigure(figure: Figure, lang: Lang): string {
  const svg = renderSvg(
    { ...figure, panels: figure.panels.map((panel) => thinned(panel, figure.panels.length)) },
    { lang },
  );
  return withDark(`${svg.replace(/ d="([^"]*)"/g, (_, path: string) => ` d="${lighter(path)}"`)}\n`);
}

/** One file for light and dark readers: where their system is dark, each color gives way to its counterpart. */
export function withDark(svg: string): string {
  const { light, dark } = palettes;
  const pairs = new Map([
    ...(['background', 'text', 'muted', 'grid', 'contour'] as const).map((part) => [light[part], dark[part]] as const),
    ...light.ground.map((color, i) => [color, dark.ground[i]] as const),
    ...light.curves.map((color, i) => [color, dark.curves[i]] as const),
  ]);
  const rules = [...pairs].flatMap(([from, to]) =>
    ['fill', 'stroke', 'color'].flatMap((part) =>
      svg.includes(` ${part}="${from}"`) ? [`[${part}="${from}"]{${part}:${to}}`] : [],
    ),
  );
  return svg.replace('</desc>', `</desc><style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`);
}

/** Straight lines with no point that the eye would miss, in tenths of a pixel. A marker is small and stays as it is. */
function lighter(path: string): string {
  if (path.length < 200 || /[^MLZ\d.,\s-]/.test(path)) return path;
  return path.replace(/M[^M]*/g, (part) => {
    const points = part
      .replace(/[MZ]/g, '')
      .split('L')
      .map((point) => point.split(',').map(Number) as unknown as Point);
    const kept = simplified(points).map(([x, y]) => `${tenth(x)},${tenth(y)}`);
    return `M${kept.join('L')}${part.endsWith('Z') ? 'Z' : ''}`;
  });
}

type Point = readonly [x: number, y: number];
const tenth = (value: number) => String(Number(value.toFixed(1)));

/** Douglas and Peucker: what lies within a seventh of a pixel of the line through its neighbors is left out. */
function simplified(points: readonly Point[]): readonly Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < 3 || !first || !last) return points;
  const distances = points.map((point) => distance(point, first, last));
  const most = Math.max(...distances);
  if (most < 0.15) return [first, last];
  const at = distances.indexOf(most);
  return [...simplified(points.slice(0, at + 1)).slice(0, -1), ...simplified(points.slice(at))];
}

/** From the segment between two points. */
function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.sqrt((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2);
}

/** Where panels are many, a band stands for the points of the seeds. */
function thinned(panel: Panel, panels: number): Panel {
  if (panel.kind !== 'line') return panel;
  return {
    ...panel,
    curves: panel.curves.flatMap(({ x, y, seeds, band, ...curve }) => {
      if (curve.role === 'raw' && seeds === undefined && y.length > 2 * POINTS) return [{ ...curve, x, y }];
      const thin = (values: readonly number[]) => averages(values, POINTS);
      return [
        {
          ...curve,
          x: withEnds(thin(x), x),
          y: thin(y),
          ...(seeds && (panels > 8 ? { band: edgesOf(seeds) } : { seeds: seeds.map(thin) })),
          ...(band && { band: [thin(band[0]), thin(band[1])] as const }),
        },
      ];
    }),
  };
}

/** From the lowest to the highest; a seed that has ended no longer counts. */
function edgesOf(seeds: readonly (readonly number[])[]): readonly [low: number[], high: number[]] {
  const length = Math.max(...seeds.map((values) => values.length));
  const columns = Array.from({ length }, (_, i) => seeds.flatMap((values) => values[i] ?? []));
  return [columns.map((values) => Math.min(...values)), columns.map((values) => Math.max(...values))];
}

/** The axis reaches as far as it did. */
function withEnds(thin: readonly number[], all: readonly number[]): readonly number[] {
  return thin.map((value, i) => (i === 0 ? all[0] : i === thin.length - 1 ? all.at(-1) : value) as number);
}

/** The mean of each of so many stretches; a shorter list as it is. */
function averages(values: readonly number[], count: number): readonly number[] {
  const { length } = values;
  if (length <= count) return values;
  return Array.from({ length: count }, (_, i) => {
    const part = values.slice(Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
