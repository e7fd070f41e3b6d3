// Figures in a terminal.
import type { Figure } from './figure.ts';
import type { Lang } from './text.ts';

export interface TerminalOptions {
  /** Width in characters. Default 80. */
  readonly columns?: number;
  /** Whether to use the terminal's colours. Default false. */
  readonly color?: boolean;
  /** Default 'en'. */
  readonly lang?: Lang;
}

/** A figure as lines of text. */
export function renderTerminal(figure: Figure, options: TerminalOptions = {}): string {
  return figure.title[options.lang ?? 'en'];
}
