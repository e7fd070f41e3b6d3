// Notes in a corner of a panel, and marks of what a claim averaged.
import type { Panel } from '../figure.ts';
import { notesOf } from '../gap.ts';
import { type Frame, toX, toY } from './layout.ts';
import { element, text } from './markup.ts';
import type { Style } from './style.ts';

const LINE_HEIGHT = { compact: 13, spacious: 16 };

/** Writes the notes over the curves, each with a rim in the color of the background. */
export function drawNotes(panel: Panel, frame: Frame, { lang, palette, color }: Style): string {
  const { left, top, width, height, isCompact } = frame;
  const line = LINE_HEIGHT[isCompact ? 'compact' : 'spacious'];
  const notes = notesOf(panel);
  const count = { top: 0, bottom: notes.filter(({ at }) => at === 'bottom').length };
  const rim = { stroke: palette.background, 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };
  const lines = notes.map(({ text: content, at, curve }) => {
    const y = at === 'top' ? top + line * ++count.top : top + height - 8 - line * --count.bottom;
    const fill = curve === undefined ? palette.text : color(curve);
    return text(content[lang], { x: left + width - 7, y, fill, 'text-anchor': 'end', ...rim });
  });
  return lines.length === 0 ? '' : element('g', { 'font-size': isCompact ? 10 : 12 }, ...lines);
}

/** Shades the ranges that a claim averaged, and draws each average as a line. */
export function drawMarks({ marks = [] }: Panel, frame: Frame, { color, palette }: Style): string {
  const { left, top, width, height, y } = frame;
  const within = (x: number) => Math.min(left + width, Math.max(left, toX(frame, x)));
  const drawn = marks.map(({ x, levels = {} }) => {
    const [start, end] = x ? [within(x[0]), within(x[1])] : [left, left + width];
    const x2 = Math.max(end, start + 3);
    const area = { x: start, y: top, width: x2 - start, height, fill: palette.text, 'fill-opacity': 0.1 };
    const lines = Object.entries(levels)
      .filter(([, level]) => level >= y[0] && level <= y[1])
      .map(([name, level]) => {
        const at = { x1: start, x2, y1: toY(frame, level), y2: toY(frame, level) };
        return element('line', { ...at, stroke: color(name), 'stroke-width': 5, 'stroke-opacity': 0.6 });
      });
    return element('g', { class: 'mark' }, element('rect', area), ...lines);
  });
  return drawn.join('');
}
