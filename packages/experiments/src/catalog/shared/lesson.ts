// Lessons, with formulas in MathML, which browsers display and screen readers read aloud.
import { escaped } from '../../figure/svg/markup.ts';
import type { Text } from '../../text.ts';

/** What a reader should know before a run. */
export interface Lesson {
  /** What to watch for during the run. */
  readonly watch: Text;
  /** The theory that the experiment tests. */
  readonly theory: readonly Statement[];
}

/** One or two sentences of theory with their formula. */
export interface Statement {
  /** The sentences. */
  readonly text: Text;
  /** MathML, created by `math`. */
  readonly formula?: string;
}

/** MathML, or tokens separated by spaces: `w ← w − η g`; or a list of both. */
type Part = string | readonly string[];

/** Creates a formula that is displayed on its own line. */
export function math(...parts: readonly string[]): string {
  return `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">${row(parts)}</math>`;
}

export const sub = (base: Part, index: Part) => `<msub>${group(base)}${group(index)}</msub>`;
export const sup = (base: Part, exponent: Part) => `<msup>${group(base)}${group(exponent)}</msup>`;
export const frac = (numerator: Part, denominator: Part) => `<mfrac>${group(numerator)}${group(denominator)}</mfrac>`;
export const sqrt = (radicand: Part) => `<msqrt>${group(radicand)}</msqrt>`;
/** Puts ˆ over a symbol: a corrected or normalized value. */
export const hat = (base: Part) => `<mover accent="true">${group(base)}<mo>^</mo></mover>`;

function group(part: Part): string {
  const elements = toElements(part);
  return elements.length === 1 ? (elements[0] as string) : row(elements);
}

const row = (parts: readonly string[]) => `<mrow>${toElements(parts).join('')}</mrow>`;

function toElements(part: Part): string[] {
  return [part].flat().flatMap((each) => (each.startsWith('<') ? [each] : each.split(' ').map(toElement)));
}

function toElement(token: string): string {
  const name = /^\p{L}/u.test(token) ? 'mi' : /^\d/.test(token) ? 'mn' : 'mo';
  return `<${name}>${escaped(token)}</${name}>`;
}
