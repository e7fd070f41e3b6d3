// Checks of what a caller passes: `[Who] expected X but got Y`.

/** @throws RangeError unless value is a whole number from low to high */
export function checkInteger(who: string, name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new RangeError(`[${who}] expected ${name} to be a whole number from ${low} to ${high} but got ${value}`);
}

/** @throws RangeError unless value is finite and not negative */
export function checkNotNegative(who: string, name: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new RangeError(`[${who}] expected ${name} to be a finite number of 0 or more but got ${value}`);
}

/** @throws RangeError unless 0 ≤ value ≤ 1 */
export function checkProbability(who: string, name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new RangeError(`[${who}] expected ${name} to be from 0 to 1 but got ${value}`);
}

/** @throws RangeError unless 0 ≤ value < 1 */
export function checkFraction(who: string, name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new RangeError(`[${who}] expected ${name} to be at least 0 and less than 1 but got ${value}`);
}
