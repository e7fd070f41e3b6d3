// The drawing of a figure. It is drawn only near the screen, and updated in place.
import type { Figure } from '@descent/experiments';
import { type Layout, type LayoutOptions, renderSvg } from '@descent/experiments/svg';
import { signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { theme } from '../state/colors.ts';

/** Widths of figures in their own pixels. A page scales them to its width. */
const [WIDE, NARROW] = [760, 400];
const narrowScreen = matchMedia('(max-width: 34rem)');
/** The width that fits the screen. */
export const figureWidth = signal(narrowScreen.matches ? NARROW : WIDE);
narrowScreen.addEventListener('change', ({ matches }) => {
  figureWidth.value = matches ? NARROW : WIDE;
});

interface DrawingProps {
  readonly figure: Figure;
  /** The layout with these options. */
  readonly layout: Layout;
  readonly options: LayoutOptions;
}

export function Drawing({ figure, layout: { width, height }, options }: DrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const isNear = useSignal(false);
  useLayoutEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        isNear.value = entries.at(-1)?.isIntersecting ?? false;
      },
      { rootMargin: '20%' },
    );
    observer.observe(box.current as HTMLElement);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (isNear.value) draw(box.current as HTMLElement, renderSvg(figure, { ...options, theme: theme.value }));
  }, [figure, options, theme.value, isNear.value]);
  // The height holds before the drawing and while it is off screen.
  return <div class="drawing" ref={box} style={{ aspectRatio: `${width} / ${height}` }} />;
}

function draw(box: HTMLElement, svg: string): void {
  const fresh = document.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true);
  if (box.firstElementChild) morph(box.firstElementChild, fresh);
  else box.append(fresh);
}

/** Gives an element the attributes and children of another one. What is equal stays as it is. */
function morph(from: Element, to: Element): void {
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
  const old = [...from.childNodes];
  const fresh = [...to.childNodes];
  fresh.forEach((node, i) => {
    const before = old[i];
    if (before?.nodeName !== node.nodeName) before ? before.replaceWith(node) : from.append(node);
    else if (node instanceof Element) morph(before as Element, node);
    else if (before.nodeValue !== node.nodeValue) before.nodeValue = node.nodeValue;
  });
  for (const node of old.slice(fresh.length)) node.remove();
}
