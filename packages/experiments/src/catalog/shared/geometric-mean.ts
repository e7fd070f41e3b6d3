// Numbers in even ratios, as numpy.logspace gives them, by the four operations alone: the same bits everywhere.

/** `count` numbers from `first` to `last`, each the same multiple of the one before. Both ends are above 0. */
export function geometric(first: number, last: number, count: number): number[] {
  if (count === 1) return [first];
  const ratio = root(last / first, count - 1);
  const values = [first];
  for (let i = 1; i < count - 1; i++) values.push((values.at(-1) as number) * ratio);
  return [...values, last];
}

/** The n-th root of a positive number, by bisection to the last bit. */
function root(value: number, n: number): number {
  let [low, high] = [Math.min(1, value), Math.max(1, value)];
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (power(middle, n) < value) low = middle;
    else high = middle;
  }
  return high;
}

function power(base: number, n: number): number {
  let result = 1;
  for (let i = 0; i < n; i++) result *= base;
  return result;
}
