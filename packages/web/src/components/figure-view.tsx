// A figure on the page: drawn, read under the pointer or by arrow keys, with its numbers as a table and as files.
import { curveName, type Experiment, type Figure, nameAt, toVertical } from '@descent/experiments';
import { type Frame, fromX, fromY, layoutOf, renderSvg } from '@descent/experiments/svg';
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { theme } from '../state/colors.ts';
import { dragTo } from '../state/drag-point.ts';
import { lang, t } from '../state/language.ts';
import { short } from '../text/short.ts';
import { words } from '../text/words.ts';
import { fileOf, formats, save } from './figure-files.ts';
import { FigureTable } from './figure-table.tsx';
import { lengthOf, panelAt, readAt, readIndex, type Tooltip } from './tooltip.ts';

interface Pointed {
  readonly panel: number;
  readonly readings: readonly Tooltip[];
}

interface FigureViewProps {
  readonly figure: Figure;
  /** Of the files that it is saved as. */
  readonly name: string;
  /** Whose start may be dragged over its maps. */
  readonly experiment?: Experiment;
}

export function FigureView({ figure, name, experiment }: FigureViewProps) {
  const canvas = useRef<HTMLDivElement>(null);
  const pointed = useSignal<Pointed | undefined>(undefined);
  const at = useSignal(0);
  const layout = useMemo(() => layoutOf(figure), [figure]);
  const look = { lang: lang.value, theme: theme.value };
  useEffect(() => {
    const svg = new DOMParser().parseFromString(renderSvg(figure, look), 'image/svg+xml').documentElement;
    canvas.current?.replaceChildren(document.importNode(svg, true));
  }, [figure, look.lang, look.theme]);

  /** The map on which the start is being dragged, as it was when that began: it must not slide under the pointer. */
  const dragged = useRef<Frame | undefined>(undefined);
  const pointAt = (event: PointerEvent) => {
    const box = (canvas.current as HTMLElement).getBoundingClientRect();
    const scale = layout.width / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    if (dragged.current && experiment) return dragTo(experiment, fromX(dragged.current, x), fromY(dragged.current, y));
    const panel = panelAt(layout, x, y);
    const frame = panel === undefined ? undefined : layout.frames[panel];
    const content = panel === undefined ? undefined : figure.panels[panel];
    pointed.value =
      panel !== undefined && frame && content ? { panel, readings: readAt(content, frame, x, y) } : undefined;
    if (event.type !== 'pointerdown' || content?.kind !== 'path' || !experiment?.point) return;
    dragged.current = frame;
    pointed.value = undefined;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    pointAt(event);
  };
  const letGo = () => {
    dragged.current = undefined;
  };
  /** Left and right along the curves, up and down from panel to panel. */
  const walk = (event: KeyboardEvent) => {
    const panel = pointed.value?.panel ?? 0;
    const length = lengthOf(figure.panels[panel] ?? figure.panels[0]!);
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
    pointed.value = { panel: next, readings: readIndex(figure.panels[next]!, at.value) };
  };
  const told = useComputed(() => (pointed.value ? sentence(figure, pointed.value) : ''));

  return (
    <figure id={`figure-${figure.id}`}>
      <section
        class={experiment?.point ? 'canvas draggable' : 'canvas'}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read values here
        tabIndex={0}
        aria-label={t(figure.title)}
        aria-describedby={`hint-${figure.id}`}
        onPointerMove={pointAt}
        onPointerDown={pointAt}
        onPointerUp={letGo}
        onPointerCancel={letGo}
        onPointerLeave={() => {
          pointed.value = undefined;
        }}
        onKeyDown={walk}
      >
        <div class="drawing" ref={canvas} />
      </section>
      <p class="reading" aria-live="polite">
        {told.value || `${t(words.read)} ${experiment?.point ? t(words.drag) : ''}`}
      </p>
      <figcaption id={`hint-${figure.id}`}>{t(figure.caption)}</figcaption>
      <p class="files">
        <span>{t(words.save)}</span>
        {formats.map((format) => (
          <button
            key={format}
            type="button"
            class="small"
            onClick={async () => save(await fileOf(figure, format, look), `${name}-${figure.id}.${format}`)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </p>
      <FigureTable figure={figure} />
    </figure>
  );
}

/** `Momentum · Step 120 · SGD 0.51 · Adam 0.12`. */
function sentence(figure: Figure, { panel: index, readings }: Pointed): string {
  const shown = figure.panels[index];
  const [first] = readings;
  if (!shown || !first) return '';
  const panel = toVertical(shown);
  const title = panel.title ? [t(panel.title)] : [];
  if (panel.kind === 'path' || panel.kind === 'scatter') {
    const places = readings.map(({ name, x, y, index: step }) => {
      const label = name === panel.title?.en ? '' : `${curveName(name, lang.value)} `;
      return `${label}${panel.kind === 'path' ? t(words.step1(step)) : ''}: (${short(x)}, ${short(y)})`;
    });
    return [...title, ...places].join(' · ');
  }
  const values = readings.map(({ name, of, y }) => `${of ?? curveName(name, lang.value)} ${short(y)}`);
  const at = nameAt(panel.x, first.x, lang.value) ?? short(first.x);
  return [...title, `${t(panel.x.label)} ${at}`, ...values].join(' · ');
}
