// How a figure wants its panels drawn in a terminal.
import type { Lang } from '../../text.ts';

/** What a panel needs to know of the figure it belongs to. */
export interface TerminalStyle {
  readonly lang: Lang;
  /** All curves of the figure; an ink is a place among them. */
  readonly names: readonly string[];
  /** The text in the color of an ink. */
  readonly paint: (text: string, ink: number) => string;
  /** Whether panels are small, and what their axes measure is told once for all of them. */
  readonly isCompact: boolean;
}

/** Ink of what lies below all curves. */
export const FAINT = -1;
