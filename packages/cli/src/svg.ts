// Figures as SVG in Node, on linkedom's document. Loaded only where something is drawn, for it is large.
import type { Figure, Lang } from '@descent/experiments';
import { renderSvg, type Theme } from '@descent/experiments/svg';
import { parseHTML } from 'linkedom';

export function drawSvg(figure: Figure, lang: Lang, theme: Theme): string {
  const { document } = parseHTML('<html></html>');
  return renderSvg(figure, { document, lang, theme });
}
