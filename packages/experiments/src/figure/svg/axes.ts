// Axes: the frame of a panel, ticks at round numbers, and labels.
import { tickIncrement } from 'd3-array';
import { type Axis, nameAt, type Panel } from '../figure.ts';
import { axisTicks } from '../scale.ts';
import { type Frame, toX, toY } from './layout.ts';
import { element, text, textWidth } from './markup.ts';
import type { Style } from './style.ts';

/** Draws the horizontal grid lines, behind the curves. */
export function drawGrid({ y: axis }: Panel, frame: Frame, { palette }: Style): string {
  const lines = yTicks(axis, frame).map((tick) => {
    const y = toY(frame, tick);
    return element('line', { x1: frame.left, x2: frame.left + frame.width, y1: y, y2: y });
  });
  return element('g', { stroke: palette.grid }, ...lines);
}

/** Draws ticks, labels and frame, above the curves. */
export function drawAxes(panel: Panel, frame: Frame, { lang, palette }: Style): string {
  const { left, top, width, height } = frame;
  const [right, bottom] = [left + width, top + height];
  const { labels: sides, isCompact } = frame;
  const { names } = panel.x;
  const xs = sides.bottom ? (names?.map((_, i) => i) ?? xTicks(panel.x, frame)) : [];
  const ys = sides.left && panel.kind !== 'bar' ? yTicks(panel.y, frame) : [];
  const formatX = names ? (i: number) => nameAt(panel.x, i, lang) ?? '' : tickFormat(panel.x, frame.x, xs);
  const formatY = tickFormat(panel.y, frame.y, ys);
  // A long name at the end of an axis would not fit into the figure if it were centered.
  const isInward = (tick: number) => isCompact || formatX(tick).length > 8;
  const room = width / (xs.length * LETTER_WIDTH);
  const below = xs.flatMap((tick) => {
    const x = toX(frame, tick);
    const lines = names ? splitName(formatX(tick), room) : [formatX(tick)];
    const anchor = isInward(tick) && lines.length === 1 ? inwardAnchor(x, frame) : 'middle';
    return [
      element('line', { x1: x, x2: x, y1: bottom, y2: bottom + 6, stroke: palette.text }),
      ...lines.map((line, i) => text(line, { x, y: bottom + 19 + 14 * i, 'text-anchor': anchor })),
    ];
  });
  const beside = ys.flatMap((tick) => {
    const y = toY(frame, tick);
    return [
      element('line', { x1: left - 6, x2: left, y1: y, y2: y, stroke: palette.text }),
      text(formatY(tick), { x: left - 9, y: y + 4, 'text-anchor': 'end' }),
    ];
  });
  const title = panel.title?.[lang];
  return [
    element('rect', { x: left, y: top, width, height, fill: 'none', stroke: palette.muted }),
    ...below,
    ...beside,
    sides.bottom ? text(panel.x.label[lang], { x: (left + right) / 2, y: bottom + 35, 'text-anchor': 'middle' }) : '',
    sides.top ? text(panel.y.label[lang], { x: left - (isCompact ? 34 : 0), y: top - (isCompact ? 22 : 10) }) : '',
    title ? heading(title, frame) : '',
  ].join('');
}

/** Aligns labels at the ends of an axis inwards, away from those of the next panel. */
function inwardAnchor(x: number, { left, width }: Frame): string {
  if (x < left + 8) return 'start';
  return x > left + width - 8 ? 'end' : 'middle';
}

function heading(title: string, { left, top, width, isCompact }: Frame): string {
  const place = { x: left + width / 2, y: top - (isCompact ? 6 : 30), 'text-anchor': 'middle', 'font-weight': 'bold' };
  return text(title, { ...place, 'font-size': isCompact ? 11 : 13 });
}

/** Approximate width of a letter in pixels. */
const LETTER_WIDTH = 7;

/** Splits a name that is too wide into two lines, at the first space in its second half. */
function splitName(name: string, room: number): string[] {
  const at = name.indexOf(' ', name.length / 2 - 1);
  return textWidth(name) <= room || at < 0 ? [name] : [name.slice(0, at), name.slice(at + 1)];
}

function xTicks(axis: Axis, { x, width, isCompact }: Frame): number[] {
  return axisTicks(axis, x, Math.max(2, width / (isCompact ? 50 : 80)));
}

function yTicks(axis: Axis, { y, height }: Frame): number[] {
  return axisTicks(axis, y, Math.max(2, height / 48));
}

/** Returns a function that formats ticks with the decimals of their distance, or with exponents if numbers would be long. */
function tickFormat({ isLog }: Axis, [low, high]: Frame['x'], values: readonly number[]): (value: number) => string {
  if (isLog) return String;
  const increment = tickIncrement(low, high, Math.max(1, values.length));
  // d3 returns a negative increment for a fraction: −10 for 0.1.
  const decimals = increment < 0 ? String(-increment).length : 0;
  const isLarge = Math.max(Math.abs(low), Math.abs(high)) >= 1e6;
  if (isLarge || decimals > 4) return (value) => withMinusSign(Number(value.toPrecision(12)).toExponential());
  const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: decimals });
  return (value) => withMinusSign(plain.format(value + 0));
}

/** Replaces the hyphen by a minus sign, which is as wide as a plus. */
function withMinusSign(number: string): string {
  return number.replace(/^-0$/, '0').replace(/^-/, '−');
}
