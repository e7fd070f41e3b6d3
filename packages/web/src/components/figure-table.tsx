// The numbers of a figure, panel by panel: one row a place on the x axis, one column a curve.
import { type Curve, curveName, type Figure, nameAt, type Panel, toVertical } from '@descent/experiments';
import { useSignal } from '@preact/signals';
import { lang, t } from '../state/language.ts';
import { short } from '../text/short.ts';
import { words } from '../text/words.ts';
import { Scrollable } from './scrollable.tsx';
import { shown } from './tooltip.ts';

/** Rows of a table; a longer curve is shown at so many places of it. */
const ROWS = 26;

/** Made when it is opened: a run on its way need not fill tables that nobody sees. */
export function FigureTable({ figure }: { readonly figure: Figure }) {
  const isOpen = useSignal(false);
  return (
    <details
      class="numbers"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{t(words.table)}</summary>
      {isOpen.value && figure.panels.map((panel, i) => <PanelTable key={i} panel={toVertical(panel)} number={i + 1} />)}
    </details>
  );
}

function PanelTable({ panel, number }: { readonly panel: Panel; readonly number: number }) {
  const curves = shown(panel);
  const length = Math.max(0, ...curves.map(({ x }) => x.length));
  // Points have places of their own.
  const isMap = panel.kind === 'path' || panel.kind === 'scatter';
  const rows = placesOf(length);
  return (
    <Scrollable class="table" label={panel.title ? t(panel.title) : t(words.table)}>
      <table>
        <caption>
          {panel.title ? t(panel.title) : `${t(words.panel)} ${number}`}
          {rows.length < length && <small> {t(words.tableNote(rows.length, length))}</small>}
        </caption>
        <thead>
          <tr>
            <th scope="col">{panel.kind === 'path' ? t(words.step) : isMap ? '' : t(panel.x.label)}</th>
            {curves.flatMap(({ name, of = curveName(name, lang.value) }, i) =>
              headsOf(of, isMap).map((head) => (
                <th scope="col" key={head + i}>
                  {head}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{isMap ? row : placeOf(panel, curves, row)}</th>
              {curves.flatMap((curve, nth) =>
                cellsOf(curve, row, isMap).map((cell, i) => <td key={`${nth} ${i}`}>{cell}</td>),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}

/** A number, or its name where the axis has names. */
function placeOf({ x: axis }: Panel, curves: readonly Curve[], row: number): string {
  const place = curves.find(({ x }) => x.length > row)?.x[row];
  return nameAt(axis, place ?? -1, lang.value) ?? short(place);
}

function headsOf(name: string, isMap: boolean): string[] {
  return isMap ? [`${name} x`, `${name} y`] : [name];
}

function cellsOf({ x, y }: Curve, row: number, isMap: boolean): string[] {
  return isMap ? [short(x[row]), short(y[row])] : [short(y[row])];
}

/** Evenly spread, the first and the last among them. */
function placesOf(length: number): number[] {
  const count = Math.min(length, ROWS);
  if (count < 2) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)));
}
