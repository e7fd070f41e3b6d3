// Tables of a report, and the numbers of a figure as tables.
import { message } from '../../i18n/index.ts';
import { formatNumber } from '../../record/final-table.ts';
import { curveName } from '../../record/measure-name.ts';
import type { Lang } from '../../text.ts';
import { extremesOf } from '../downsample.ts';
import { type Curve, type Figure, nameAt, type Panel, toVertical } from '../figure.ts';
import { element, escaped } from '../svg/markup.ts';

/** Longer curves are sampled evenly, including the first and the last point. */
const MAX_ROWS = 41;

/** Creates a table. The first column has headings; columns of numbers are aligned to the right. */
export function createTable(head: readonly string[], rows: readonly (readonly string[])[], caption?: string): string {
  const isNumeric = (column: number) =>
    column > 0 && rows.every((row) => /^(?:-?\d|—|NaN|-?Infinity|$)/.test(row[column] ?? ''));
  const look = (column: number) => ({ class: isNumeric(column) ? 'number' : undefined });
  const headCells = head.map((cell, i) => element('th', { scope: 'col', ...look(i) }, escaped(cell)));
  const bodyRows = rows.map((row) => {
    const cells = row.map((cell, i) => (i === 0 ? headingCell(cell) : element('td', look(i), escaped(cell))));
    return element('tr', {}, ...cells);
  });
  return wide(
    caption === undefined ? '' : element('caption', {}, escaped(caption)),
    element('thead', {}, element('tr', {}, ...headCells)),
    element('tbody', {}, ...bodyRows),
  );
}

/** Creates a table of two columns: names, and values in a monospaced font. */
export function createFactTable(facts: readonly (readonly [name: string, value: string])[]): string {
  const rows = facts.map(([name, value]) =>
    element('tr', {}, headingCell(name), element('td', {}, element('code', {}, escaped(value)))),
  );
  return wide(element('tbody', {}, ...rows));
}

const headingCell = (text: string) => element('th', { scope: 'row' }, escaped(text));
const wide = (...parts: readonly string[]) => element('div', { class: 'wide' }, element('table', {}, ...parts));

/** Creates one table per panel, or several if its curves have different x. */
export function createFigureTables({ panels }: Figure, lang: Lang): string {
  return panels.map((panel) => createPanelTables(toVertical(panel), lang)).join('');
}

function createPanelTables(panel: Panel, lang: Lang): string {
  const groups = new Map<string, Curve[]>();
  for (const curve of panel.curves) {
    const key = curve.x.join();
    groups.set(key, [...(groups.get(key) ?? []), curve]);
  }
  return [...groups.values()].map((curves) => createCurveTable(panel, curves as [Curve, ...Curve[]], lang)).join('');
}

function createCurveTable({ title, x, y }: Panel, curves: readonly [Curve, ...Curve[]], lang: Lang): string {
  const [{ x: xs }] = curves;
  const sampled = sampleIndices(xs.length);
  const columns = curves.map(formatValues);
  const raw = new Set(curves.filter(({ role }) => role === 'raw').map(({ name }) => name));
  const isSmoothed = ({ name, of, role }: Curve) => role === 'smooth' && !of && raw.has(name);
  const heads = curves.map((curve) => (curve.of ?? curveName(curve.name, lang)) + (isSmoothed(curve) ? ' ~' : ''));
  const rows = sampled.map((i) => [
    nameAt(x, xs[i] as number, lang) ?? formatNumber(xs[i] as number),
    ...columns.map((cells) => cells[i] ?? ''),
  ]);
  const [shown, all] = [sampled.length, xs.length];
  const note = shown < all ? message('figure.words.points-shown', { shown, all })[lang] : '';
  return createTable([x.label[lang], ...heads], rows, [title?.[lang], y.label[lang], note].filter(Boolean).join(' · '));
}

/** Formats numbers as `0.31`, or with a band as `0.31 (0.29–0.33)`. */
function formatValues({ y, band, seeds }: Curve): string[] {
  const edges = band ?? (seeds && extremesOf(seeds));
  if (!edges) return y.map((value) => formatNumber(value));
  const [low, high] = edges;
  return y.map(
    (value, i) =>
      `${formatNumber(value, 3)} (${formatNumber(low[i] as number, 3)}–${formatNumber(high[i] as number, 3)})`,
  );
}

function sampleIndices(length: number): number[] {
  const count = Math.min(length, MAX_ROWS);
  return Array.from({ length: count }, (_, i) => (count < 2 ? 0 : Math.round((i * (length - 1)) / (count - 1))));
}
