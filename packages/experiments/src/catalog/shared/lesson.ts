// What a reader should know before a run: where to look, and the theory in a few lines.
import type { Text } from '../../text.ts';

/** What a reader should know before a run. */
export interface Lesson {
  /** What to watch for while it runs. */
  readonly watch: Text;
  /** The few statements that the experiment puts to the test. */
  readonly theory: readonly Statement[];
}

/** A sentence or two, and the formula they are about. */
export interface Statement {
  /** In words. */
  readonly text: Text;
  /** MathML, from `math`. */
  readonly formula?: string;
}
