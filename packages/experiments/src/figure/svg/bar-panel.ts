// Bars that grow to the right, those of a name together below it, each with the interval of its length.
import { type BarPanel, type Curve, nameAt } from '../figure.ts';
import { BAR, type Frame, slotOf, toX } from './layout.ts';
import { element, text } from './markup.ts';
import type { Drawn, Style } from './style.ts';

export function barPanel(panel: BarPanel, frame: Frame, style: Style): Drawn {
  const slot = slotOf(panel);
  const names = panel.y.names.map((_, i) =>
    text(nameAt(panel.y, i, style.lang) ?? '', { x: frame.left + 6, y: frame.top + i * slot + 14, 'font-size': 11 }),
  );
  const bars = panel.curves.map((curve, nth) => drawBars(curve, nth * BAR.height, slot, frame, style));
  return { below: '', clipped: [...bars, ...names].join('') };
}

function drawBars(curve: Curve, shift: number, slot: number, frame: Frame, { color, palette }: Style): string {
  const zero = toX(frame, Math.max(0, frame.x[0]));
  const bars = curve.x.flatMap((value, i) => {
    if (!Number.isFinite(value)) return [];
    const y = frame.top + (curve.y[i] as number) * slot + BAR.name + shift;
    const end = toX(frame, value);
    return [
      element('rect', {
        x: Math.min(zero, end),
        y,
        width: Math.max(0.5, Math.abs(end - zero)),
        height: BAR.height - 1.5,
      }),
      errorBar(curve, i, y + (BAR.height - 1.5) / 2, frame, palette.text),
    ];
  });
  return element('g', { fill: color(curve.name) }, ...bars);
}

function errorBar({ band }: Curve, index: number, y: number, frame: Frame, stroke: string): string {
  const [low, high] = [band?.[0][index], band?.[1][index]];
  if (low === undefined || high === undefined || !Number.isFinite(high - low)) return '';
  return element('line', { x1: toX(frame, low), x2: toX(frame, high), y1: y, y2: y, stroke, 'stroke-width': 1.25 });
}
