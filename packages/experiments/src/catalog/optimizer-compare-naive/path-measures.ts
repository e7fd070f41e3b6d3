// Measures of a way over a plane: how crooked is it? Square roots and the four operations only, so that bits agree.

/** How many steps turn by more than 90° from the step before. */
export function sharpTurns(x: readonly number[], y: readonly number[]): number {
  let turns = 0;
  for (let i = 2; i < x.length; i++) {
    const [dx, dy] = move(x, y, i);
    const [beforeX, beforeY] = move(x, y, i - 1);
    if (dx * beforeX + dy * beforeY < 0) turns++;
  }
  return turns;
}

/** Length of the way ÷ distance between its ends: 1 is straight. NaN of no way. */
export function detour(x: readonly number[], y: readonly number[]): number {
  let length = 0;
  for (let i = 1; i < x.length; i++) length += norm(move(x, y, i));
  const last = x.length - 1;
  return length / norm([(x[last] as number) - (x[0] as number), (y[last] as number) - (y[0] as number)]);
}

function move(x: readonly number[], y: readonly number[], i: number): [number, number] {
  return [(x[i] as number) - (x[i - 1] as number), (y[i] as number) - (y[i - 1] as number)];
}

function norm([dx, dy]: readonly [number, number]): number {
  return Math.sqrt(dx * dx + dy * dy);
}
