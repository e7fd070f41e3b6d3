// Tables of a report: the first column names the row, numbers stand to the right.
import { element, escaped } from '../svg/markup.ts';

/** Cells are text; one that begins like a number is set as one. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[], caption?: string): string {
  const isNumber = (column: number) =>
    column > 0 && rows.every((row) => /^(?:-?\d|—|NaN|-?Infinity|$)/.test(row[column] ?? ''));
  const look = (column: number) => ({ class: isNumber(column) ? 'number' : undefined });
  const table = element(
    'table',
    {},
    caption === undefined ? '' : element('caption', {}, escaped(caption)),
    element(
      'thead',
      {},
      element('tr', {}, ...head.map((cell, i) => element('th', { scope: 'col', ...look(i) }, escaped(cell)))),
    ),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map((cell, i) => cellOf(cell, i, look(i)))))),
  );
  return element('div', { class: 'wide' }, table);
}

function cellOf(cell: string, column: number, look: { class: string | undefined }): string {
  return column === 0 ? element('th', { scope: 'row' }, escaped(cell)) : element('td', look, escaped(cell));
}

/** Two columns: what, and its value in a type whose letters cannot be mistaken. */
export function factsOf(facts: readonly (readonly [name: string, value: string])[]): string {
  const rows = facts.map(([name, value]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, escaped(name)),
      element('td', {}, element('code', {}, escaped(value))),
    ),
  );
  return element('div', { class: 'wide' }, element('table', {}, element('tbody', {}, ...rows)));
}
