// Bars as lines of text: the name, then a line a curve with its sign, its bar and its length in figures.

import { formatNumber } from '../../record/final-table.ts';
import { rangeOf } from '../extent.ts';
import { type BarPanel, type Curve, nameAt } from '../figure.ts';
import { clip, padCentre, padEnd } from '../text-width.ts';
import { nth, signs } from '../theme.ts';
import type { TerminalStyle } from './style.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const;
/** For a sign before the bar, and its length after it. */
const BESIDE = 12;

/** A panel of exactly `width` columns. */
export function barLines(panel: BarPanel, width: number, style: TerminalStyle): string[] {
  const [low, high] = rangeOf(panel, 'x');
  const line = ({ name, x, y }: Curve, place: number) => {
    const value = x[y.indexOf(place)];
    if (value === undefined) return [];
    const ink = style.names.indexOf(name);
    const share = Math.min(1, Math.max(0, (value - Math.max(0, low)) / (high - Math.max(0, low)))) || 0;
    const bar = `${nth(signs, ink)} ${barOf(share, width - BESIDE)} ${formatNumber(value, 3)}`;
    return [style.paint(padEnd(bar, width), ink)];
  };
  return [
    padCentre(clip(panel.title?.[style.lang] ?? '', width), width),
    ...panel.y.names.flatMap((_, place) => [
      padEnd(clip(nameAt(panel.y, place, style.lang) ?? '', width), width),
      ...panel.curves.flatMap((curve) => line(curve, place)),
    ]),
    padCentre(clip(panel.x.label[style.lang], width), width),
  ];
}

function barOf(share: number, columns: number): string {
  const eighths = Math.max(1, Math.round(8 * share * columns));
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}
