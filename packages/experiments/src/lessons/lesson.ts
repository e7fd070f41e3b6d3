// What a reader should know before a run: where to look, and the theory in a few lines.
import type { Text } from '../text.ts';

export interface Lesson {
  /** What to watch for while it runs. */
  readonly watch: Text;
  readonly theory: readonly Statement[];
}

/** A sentence or two, and the formula they are about. */
export interface Statement {
  readonly text: Text;
  /** MathML, from `math`. */
  readonly formula?: string;
}
