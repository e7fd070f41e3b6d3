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

/** Shades the range that a claim averaged, and draws each average as a line. */
export function drawMark({ mark }: Panel, frame: Frame, { color, palette }: Style): string {
  if (!mark) return '';
  const { left, top, width, height, y } = frame;
  const [start, end] = mark.x
    ? mark.x.map((x) => Math.min(left + width, Math.max(left, toX(frame, x))))
    : [left, left + width];
  const [x1, x2] = [start as number, Math.max(end as number, (start as number) + 3)];
  const levels = Object.entries(mark.levels ?? {})
    .filter(([, level]) => level >= y[0] && level <= y[1])
    .map(([name, level]) => {
      const at = toY(frame, level);
      return element('line', {
        x1,
        x2,
        y1: at,
        y2: at,
        stroke: color(name),
        'stroke-width': 4,
        'stroke-opacity': 0.55,
      });
    });
  const area = element('rect', { x: x1, y: top, width: x2 - x1, height, fill: palette.text, 'fill-opacity': 0.08 });
  return element('g', { class: 'mark' }, area, ...levels);
}
