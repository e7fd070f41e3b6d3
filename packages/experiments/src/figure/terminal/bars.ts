// Bars as lines of text: horizontal ones with their lengths, and histograms.
import { formatNumber } from '../../record/final-table.ts';
import { mean } from '../../record/series.ts';
import { type BarPanel, type Curve, type HistogramPanel, nameAt } from '../figure.ts';
import { axisRange } from '../scale.ts';
import { clip, padCenter, padEnd } from '../text-width.ts';
import { cyclic, symbolCharacters } from '../theme.ts';
import type { TerminalStyle } from './style.ts';

const HORIZONTAL_EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const;
const VERTICAL_EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Columns for the symbol before a bar and the number after it. */
const LABEL_COLUMNS = 12;
const HISTOGRAM_ROWS = 4;

/** Draws a bar panel of exactly `width` columns: each name, then one line per curve with symbol, bar and number. */
export function barLines(panel: BarPanel, width: number, style: TerminalStyle): string[] {
  const [low, high] = axisRange(panel, 'x');
  const line = ({ name, x, y }: Curve, position: number) => {
    const value = x[y.indexOf(position)];
    if (value === undefined) return [];
    const index = style.names.indexOf(name);
    const fraction = Math.min(1, Math.max(0, (value - Math.max(0, low)) / (high - Math.max(0, low)))) || 0;
    const bar = horizontalBar(fraction, width - LABEL_COLUMNS);
    return [style.paint(padEnd(`${cyclic(symbolCharacters, index)} ${bar} ${formatNumber(value, 3)}`, width), index)];
  };
  return [
    padCenter(clip(panel.title?.[style.lang] ?? '', width), width),
    ...panel.y.names.flatMap((_, position) => [
      padEnd(clip(nameAt(panel.y, position, style.lang) ?? '', width), width),
      ...panel.curves.flatMap((curve) => line(curve, position)),
    ]),
    padCenter(clip(panel.x.label[style.lang], width), width),
  ];
}

function horizontalBar(fraction: number, columns: number): string {
  const eighths = Math.max(1, Math.round(8 * fraction * columns));
  return '█'.repeat(eighths >> 3) + HORIZONTAL_EIGHTHS[eighths & 7];
}

/** Draws a histogram of exactly `width` columns. A bar that is cut at the top of the axis ends in ▲. */
export function histogramLines(panel: HistogramPanel, width: number, style: TerminalStyle): string[] {
  const [low, high] = panel.x.domain;
  const lines = panel.curves.slice(0, 1).flatMap(({ name, y }) => {
    const heights = mergeBins(y, width);
    const rows = Array.from({ length: HISTOGRAM_ROWS }, (_, i) =>
      histogramRow(heights, panel.y.domain[1], HISTOGRAM_ROWS - 1 - i),
    );
    return rows.map((row) => style.paint(row, style.names.indexOf(name)) + ' '.repeat(width - heights.length));
  });
  const columns = mergeBins(panel.curves[0]?.y ?? [], width).length || width;
  return [
    padCenter(clip(panel.title?.[style.lang] ?? '', width), width),
    ...lines,
    padEnd('▔'.repeat(columns), width),
    padEnd(String(low) + String(high).padStart(columns - String(low).length), width),
  ];
}

/** Averages neighboring bins until they fit into `width` columns. */
function mergeBins(y: readonly number[], width: number): number[] {
  const factor = Math.ceil(y.length / width);
  return Array.from({ length: Math.ceil(y.length / factor) || 0 }, (_, i) =>
    mean(y.slice(i * factor, (i + 1) * factor)),
  );
}

/** Returns one row of a histogram, counted from the lowest. Every bin above 0 is visible. */
function histogramRow(heights: readonly number[], top: number, row: number): string {
  const cells = heights.map((height) => {
    if (row === HISTOGRAM_ROWS - 1 && height > top) return '▲';
    const eighths = Math.round((height / top) * HISTOGRAM_ROWS * 8) - row * 8;
    const least = row === 0 && height > 0 ? 1 : 0;
    return VERTICAL_EIGHTHS[Math.max(least, Math.min(8, eighths))];
  });
  return cells.join('');
}
