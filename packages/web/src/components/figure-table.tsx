// The numbers of a figure as tables, one per panel: one row per x value, one column per curve.
import { type Curve, curveName, type Figure, formatNumber, nameAt, type Panel, toVertical } from '@descent/experiments';
import { lang, t } from '../state/language.ts';
import { Scrollable } from './scrollable.tsx';
import { getVisibleCurves } from './tooltip.ts';

/** A longer curve is sampled at this many points. */
const MAX_ROWS = 26;

export function FigureTable({ figure }: { readonly figure: Figure }) {
  return (
    <>
      {figure.panels.map((panel, i) => (
        <PanelTable key={i} panel={toVertical(panel)} number={i + 1} />
      ))}
    </>
  );
}

function PanelTable({ panel, number }: { readonly panel: Panel; readonly number: number }) {
  const curves = getVisibleCurves(panel);
  const length = Math.max(0, ...curves.map(({ x }) => x.length));
  // The points of a map have their own x values.
  const isMap = panel.kind === 'path' || panel.kind === 'scatter';
  const rows = sampleRows(length);
  return (
    <Scrollable class="table" label={panel.title ? t(panel.title) : t('table')}>
      <table>
        <caption>
          {panel.title ? t(panel.title) : `${t('panel')} ${number}`}
          {rows.length < length && <small> {t('table-note', { shown: rows.length, total: length })}</small>}
        </caption>
        <thead>
          <tr>
            <th scope="col">{panel.kind === 'path' ? t('step') : isMap ? '' : t(panel.x.label)}</th>
            {curves.flatMap(({ name, of = curveName(name, lang.value) }, i) =>
              getHeads(of, isMap).map((head) => (
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
              <th scope="row">{isMap ? row : getRowLabel(panel, curves, row)}</th>
              {curves.flatMap((curve, nth) =>
                getCells(curve, row, isMap).map((cell, i) => <td key={`${nth} ${i}`}>{cell}</td>),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}

/** Returns the x value of a row, or its name if the axis has names. */
function getRowLabel({ x: axis }: Panel, curves: readonly Curve[], row: number): string {
  const place = curves.find(({ x }) => x.length > row)?.x[row];
  return nameAt(axis, place ?? -1, lang.value) ?? formatNumber(place);
}

function getHeads(name: string, isMap: boolean): string[] {
  return isMap ? [`${name} x`, `${name} y`] : [name];
}

function getCells({ x, y }: Curve, row: number, isMap: boolean): string[] {
  return isMap ? [formatNumber(x[row]), formatNumber(y[row])] : [formatNumber(y[row])];
}

/** Returns evenly spaced indices, including the first and the last. */
function sampleRows(length: number): number[] {
  const count = Math.min(length, MAX_ROWS);
  if (count < 2) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)));
}
