// Style of the panels of a figure in a terminal.
import type { Lang } from '../../text.ts';

/** How the panels of a figure are drawn. */
export interface TerminalStyle {
  readonly lang: Lang;
  /** The names of all curves of the figure. A color index is a position among them. */
  readonly names: readonly string[];
  /** Colors a text. */
  readonly paint: (text: string, color: number) => string;
  /** Whether panels are small and the labels of the axes are above all of them. */
  readonly isCompact: boolean;
}

/** The color index of what is drawn behind all curves. */
export const FAINT = -1;
