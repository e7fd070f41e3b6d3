// Formulas as MathML, put together from parts: browsers set them, screen readers say them.
import { escaped } from '../../figure/svg/markup.ts';

/** A letter, set upright where it is more than one. */
export const id = (name: string) => `<mi>${escaped(name)}</mi>`;
export const num = (value: string) => `<mn>${escaped(value)}</mn>`;
/** An operator; one of + − · ← = ( ) and the like. */
export const op = (sign: string) => `<mo>${escaped(sign)}</mo>`;
export const row = (...parts: readonly string[]) => `<mrow>${parts.join('')}</mrow>`;
export const sub = (base: string, below: string) => `<msub>${base}${below}</msub>`;
export const sup = (base: string, above: string) => `<msup>${base}${above}</msup>`;
export const frac = (top: string, bottom: string) => `<mfrac>${top}${bottom}</mfrac>`;
export const root = (inner: string) => `<msqrt>${inner}</msqrt>`;
/** A letter with a mark over it: ˆ for a corrected or normalized value. */
export const hat = (base: string) => `<mover accent="true">${base}<mo>^</mo></mover>`;

/** A formula on a line of its own. */
export function math(...parts: readonly string[]): string {
  return `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">${row(...parts)}</math>`;
}
