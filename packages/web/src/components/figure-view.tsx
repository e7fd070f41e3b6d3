// A figure: the drawing, values under the pointer or by arrow keys, its numbers as tables, and buttons that save it.
import { curveName, type Experiment, type Figure, formatNumber, nameAt, toVertical } from '@descent/experiments';
import { type Frame, fromX, fromY, layoutFigure } from '@descent/experiments/svg';
import { useComputed, useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { theme } from '../state/colors.ts';
import { dragTo, isHeld } from '../state/drag-point.ts';
import { lang, t } from '../state/language.ts';
import { Drawing, figureWidth } from './drawing.tsx';
import type { Format } from './figure-files.ts';
import { Folded } from './folded.tsx';
import { lazy } from './lazy.tsx';
import { StartRing } from './start-ring.tsx';
import { findPanel, getCurveLength, pixelAt, readAtIndex, readAtPixel, type Tooltip } from './tooltip.ts';

const FigureTable = lazy(async () => (await import('./figure-table.tsx')).FigureTable);

const formats: readonly Format[] = ['svg', 'png', 'csv', 'json'];

interface Pointed {
  readonly panel: number;
  readonly readings: readonly Tooltip[];
}

interface FigureViewProps {
  readonly figure: Figure;
  /** First part of the names of saved files. */
  readonly name: string;
  /** The experiment whose start point can be dragged on the maps. */
  readonly experiment?: Experiment;
  /** Whether it shows a downsampled record, whose numbers are not offered. */
  readonly isPreview?: boolean;
}

export function FigureView({ figure, name, experiment, isPreview = false }: FigureViewProps) {
  const pointed = useSignal<Pointed | undefined>(undefined);
  const at = useSignal(0);
  const options = useMemo(
    () => ({ lang: lang.value, width: figureWidth.value, isLive: true }),
    [lang.value, figureWidth.value],
  );
  const layout = useMemo(() => layoutFigure(figure, options), [figure, options]);
  const look = { lang: lang.value, theme: theme.value };

  /** The frame of the map when the drag started. It stays fixed during the drag. */
  const dragged = useRef<Frame | undefined>(undefined);
  const handlePointer = (event: PointerEvent) => {
    const drawing = (event.currentTarget as HTMLElement).querySelector('.drawing');
    if (!drawing) return;
    const [x, y] = pixelAt(event, drawing, layout);
    if (dragged.current && experiment) return dragTo(experiment, fromX(dragged.current, x), fromY(dragged.current, y));
    const panel = findPanel(layout, x, y);
    const frame = panel === undefined ? undefined : layout.frames[panel];
    const content = panel === undefined ? undefined : figure.panels[panel];
    pointed.value =
      panel !== undefined && frame && content ? { panel, readings: readAtPixel(content, frame, x, y) } : undefined;
    if (content?.kind !== 'path' || !experiment?.point || !frame) return;
    // A tap moves the start. A swipe, which has no click, scrolls the page.
    if (event.type === 'click' && event.pointerType === 'touch')
      return dragTo(experiment, fromX(frame, x), fromY(frame, y));
    if (event.type !== 'pointerdown' || event.pointerType === 'touch') return;
    dragged.current = frame;
    isHeld.value = true;
    pointed.value = undefined;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    handlePointer(event);
  };
  const endDrag = () => {
    if (dragged.current) isHeld.value = false;
    dragged.current = undefined;
  };
  /** Moves along the curves with left and right, from panel to panel with up and down. */
  const handleKey = (event: KeyboardEvent) => {
    const panel = pointed.value?.panel ?? 0;
    const length = getCurveLength(figure.panels[panel] ?? figure.panels[0]!);
    const stride = event.shiftKey ? 1 : Math.max(1, Math.round(length / 50));
    const steps: Record<string, [panels: number, points: number]> = {
      ArrowLeft: [0, -stride],
      ArrowRight: [0, stride],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Home: [0, -length],
      End: [0, length],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = Math.min(figure.panels.length - 1, Math.max(0, panel + step[0]));
    at.value = Math.min(length - 1, Math.max(0, at.value + step[1]));
    pointed.value = { panel: next, readings: readAtIndex(figure.panels[next]!, at.value) };
  };
  const reading = useComputed(() => (pointed.value ? describeReading(figure, pointed.value) : ''));

  return (
    <figure id={`figure-${figure.id}`}>
      <section
        class={experiment?.point ? 'canvas draggable' : 'canvas'}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read values here
        tabIndex={0}
        aria-label={t(figure.title)}
        aria-describedby={`hint-${figure.id}`}
        onPointerMove={handlePointer}
        onPointerDown={handlePointer}
        onClick={(event) => handlePointer(event as unknown as PointerEvent)}
        onPointerUp={endDrag}
        onPointerCancel={endDrag}
        onPointerLeave={() => {
          pointed.value = undefined;
        }}
        onKeyDown={handleKey}
      >
        <div class="sheet">
          <Drawing figure={figure} layout={layout} options={options} />
          {experiment && <StartRing experiment={experiment} figure={figure} layout={layout} />}
        </div>
      </section>
      <p class="reading" aria-live="polite">
        {reading.value || `${t('read')} ${experiment?.point ? t('drag') : ''}`}
      </p>
      <figcaption id={`hint-${figure.id}`}>{t(figure.caption)}</figcaption>
      {!isPreview && (
        <>
          <p class="files">
            <span>{t('save')}</span>
            {formats.map((format) => (
              <button
                key={format}
                type="button"
                class="small"
                onClick={async () => {
                  const { save, toFile } = await import('./figure-files.ts');
                  save(await toFile(figure, format, look), `${name}-${figure.id}.${format}`);
                }}
              >
                {format.toUpperCase()}
              </button>
            ))}
          </p>
          <Folded class="numbers" summary={t('table')}>
            {() => <FigureTable figure={figure} />}
          </Folded>
        </>
      )}
    </figure>
  );
}

/** Returns a text such as `Momentum · Step 120 · SGD 0.51 · Adam 0.12`. */
function describeReading(figure: Figure, { panel: index, readings }: Pointed): string {
  const shown = figure.panels[index];
  const [first] = readings;
  if (!shown || !first) return '';
  const panel = toVertical(shown);
  const title = panel.title ? [t(panel.title)] : [];
  if (panel.kind === 'path' || panel.kind === 'scatter') {
    const places = readings.map(({ name, x, y, index: step }) => {
      const label = name === panel.title?.en ? '' : `${curveName(name, lang.value)} `;
      return `${label}${panel.kind === 'path' ? t('step1', { n: step }) : ''}: (${formatNumber(x)}, ${formatNumber(y)})`;
    });
    return [...title, ...places].join(' · ');
  }
  const values = readings.map(({ name, of, y }) => `${of ?? curveName(name, lang.value)} ${formatNumber(y)}`);
  const at = nameAt(panel.x, first.x, lang.value) ?? formatNumber(first.x);
  return [...title, `${t(panel.x.label)} ${at}`, ...values].join(' · ');
}
