// Figures as SVG in Node. Loaded only where something is drawn, for it is large.
import type { Figure, Lang } from '@descent/experiments';
import { renderSvg, type SvgOptions } from '@descent/experiments/svg';

export function drawSvg(figure: Figure, lang: Lang, theme: SvgOptions['theme']): string {
  return renderSvg(figure, { lang, theme });
}
