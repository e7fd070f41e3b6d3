// The numbers of a figure as tables, for those who read them better than curves.

import { formatNumber } from '../../record/final-table.ts';
import { curveName } from '../../record/measure-name.ts';
import type { Lang } from '../../text.ts';
import { extremesOf } from '../downsample.ts';
import { type Curve, type Figure, nameAt, type Panel, toVertical } from '../figure.ts';
import { tableOf } from './table.ts';
import { thinned } from './words.ts';

/** More rows than this are thinned out evenly; first and last stay. */
const MOST_ROWS = 41;

export function numbersOf({ panels }: Figure, lang: Lang): string {
  return panels.map((panel) => panelTables(toVertical(panel), lang)).join('');
}

/** One table for all curves over the same x. */
function panelTables(panel: Panel, lang: Lang): string {
  const groups = new Map<string, Curve[]>();
  for (const curve of panel.curves) {
    const key = curve.x.join();
    groups.set(key, [...(groups.get(key) ?? []), curve]);
  }
  return [...groups.values()].map((curves) => curveTable(panel, curves as [Curve, ...Curve[]], lang)).join('');
}

function curveTable({ title, x, y }: Panel, curves: readonly [Curve, ...Curve[]], lang: Lang): string {
  const [{ x: xs }] = curves;
  const shown = evenly(xs.length);
  const columns = curves.map(columnOf);
  const raw = new Set(curves.filter(({ role }) => role === 'raw').map(({ name }) => name));
  const isSmoothed = ({ name, of, role }: Curve) => role === 'smooth' && !of && raw.has(name);
  const said = ({ name, of }: Curve) => of ?? curveName(name, lang);
  const head = [x.label[lang], ...curves.map((curve) => (isSmoothed(curve) ? `${said(curve)} ~` : said(curve)))];
  const rows = shown.map((i) => [
    nameAt(x, xs[i] as number, lang) ?? formatNumber(xs[i] as number),
    ...columns.map((cells) => cells[i] ?? ''),
  ]);
  const parts = [title?.[lang], y.label[lang], shown.length < xs.length ? thinned(shown.length, xs.length, lang) : ''];
  return tableOf(head, rows, parts.filter(Boolean).join(' · '));
}

/** `0.31`, or with a band `0.31 (0.29–0.33)`. */
function columnOf({ y, band, seeds }: Curve): string[] {
  const edges = band ?? (seeds && extremesOf(seeds));
  if (!edges) return y.map((value) => formatNumber(value));
  const [low, high] = edges;
  return y.map(
    (value, i) =>
      `${formatNumber(value, 3)} (${formatNumber(low[i] as number, 3)}–${formatNumber(high[i] as number, 3)})`,
  );
}

function evenly(length: number): number[] {
  const count = Math.min(length, MOST_ROWS);
  return Array.from({ length: count }, (_, i) => (count < 2 ? 0 : Math.round((i * (length - 1)) / (count - 1))));
}
