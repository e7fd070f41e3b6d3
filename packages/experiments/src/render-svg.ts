// Figures as SVG.
import type { Figure } from './figure.ts';
import type { Lang } from './text.ts';

export type Theme = 'light' | 'dark';

export interface SvgOptions {
  /** Where elements are made: the page's document, or linkedom's in Node. */
  readonly document: Document;
  readonly lang?: Lang;
  readonly theme?: Theme;
}

/** A figure as one SVG document. */
export function renderSvg(_figure: Figure, _options: SvgOptions): string {
  return '';
}
