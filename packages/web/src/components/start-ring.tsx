// The ring at the start of the paths on a map. It can be dragged, and moved with the arrow keys.
import type { Experiment, Figure } from '@descent/experiments';
import { type Frame, fromX, fromY, type Layout, toX, toY } from '@descent/experiments/svg';
import { dragTo, isHeld } from '../state/drag-point.ts';
import { t } from '../state/language.ts';
import { formValues } from '../state/page-state.ts';
import { pixelAt } from './tooltip.ts';

interface StartRingProps {
  readonly experiment: Experiment;
  readonly figure: Figure;
  readonly layout: Layout;
}

/** Units of the map per arrow key; ten times as much with Shift. */
const KEY_STEP = 0.1;

const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** On a figure with one map. */
export function StartRing({ experiment, figure, layout }: StartRingProps) {
  const { point, options } = experiment;
  const maps = layout.frames.filter((_, i) => figure.panels[i]?.kind === 'path');
  const [frame] = maps;
  if (!point || !frame || maps.length > 1) return null;
  const [x, y] = point.map((name) => Number(formValues.value[name])) as [number, number];
  const [left, top] = [toX(frame, x) / layout.width, toY(frame, y) / layout.height];
  if (!(left >= 0 && left <= 1 && top >= 0 && top <= 1)) return null;
  const { min, max } = options[point[0]] as { min: number; max: number };
  return (
    <div
      class="start-ring"
      role="slider"
      tabIndex={0}
      aria-label={t('start-point')}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={x}
      aria-valuetext={`x ${x}, y ${y}`}
      style={{ left: `${100 * left}%`, top: `${100 * top}%` }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        isHeld.value = true;
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          dragTo(experiment, ...toPoint(event, event.currentTarget.parentElement as HTMLElement, layout, frame));
      }}
      onClick={(event) => event.stopPropagation()}
      onLostPointerCapture={release}
      onKeyDown={(event) => {
        const direction = directions[event.key];
        if (!direction) return;
        event.preventDefault();
        event.stopPropagation();
        isHeld.value = true;
        const step = KEY_STEP * (event.shiftKey ? 10 : 1);
        dragTo(experiment, x + step * direction[0], y + step * direction[1]);
      }}
      onBlur={release}
    />
  );
}

function release(): void {
  isHeld.value = false;
}

/** Returns the point of a map at the pointer. */
function toPoint(event: PointerEvent, sheet: HTMLElement, layout: Layout, frame: Frame): [x: number, y: number] {
  const [x, y] = pixelAt(event, sheet, layout);
  return [fromX(frame, x), fromY(frame, y)];
}
