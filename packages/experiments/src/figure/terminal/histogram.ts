// A histogram as lines of text: bars of eighths of a character, neighboring bins put together where there is no room.

import { mean } from '../../record/series.ts';
import type { HistogramPanel } from '../figure.ts';
import { clip, padCentre, padEnd } from '../text-width.ts';
import type { TerminalStyle } from './style.ts';

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const ROWS = 4;

/** A panel of exactly `width` columns. A bar that is cut at the top of the axis ends in ▲. */
export function histogramLines(panel: HistogramPanel, width: number, style: TerminalStyle): string[] {
  const [low, high] = panel.x.domain;
  const lines = panel.curves.slice(0, 1).flatMap(({ name, y }) => {
    const heights = merged(y, width);
    const rows = Array.from({ length: ROWS }, (_, i) => rowOf(heights, panel.y.domain[1], ROWS - 1 - i));
    return rows.map((row) => style.paint(row, style.names.indexOf(name)) + ' '.repeat(width - heights.length));
  });
  const columns = merged(panel.curves[0]?.y ?? [], width).length || width;
  const ends = String(low) + String(high).padStart(columns - String(low).length);
  return [
    padCentre(clip(panel.title?.[style.lang] ?? '', width), width),
    ...lines,
    padEnd('▔'.repeat(columns), width),
    padEnd(ends, width),
  ];
}

/** Means of as many neighbors as make the bins fit. */
function merged(y: readonly number[], width: number): number[] {
  const factor = Math.ceil(y.length / width);
  return Array.from({ length: Math.ceil(y.length / factor) || 0 }, (_, i) =>
    mean(y.slice(i * factor, (i + 1) * factor)),
  );
}

/** A row of characters; row 0 is the lowest. Something above 0 is never nothing. */
function rowOf(heights: readonly number[], top: number, row: number): string {
  const cells = heights.map((height) => {
    if (row === ROWS - 1 && height > top) return '▲';
    const eighths = Math.round((height / top) * ROWS * 8) - row * 8;
    const least = row === 0 && height > 0 ? 1 : 0;
    return BLOCKS[Math.max(least, Math.min(8, eighths))];
  });
  return cells.join('');
}
