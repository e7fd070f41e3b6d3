// What is drawn by hand, made into an image as MNIST's were: in a box of 20 × 20, its center of mass in the middle of 28 × 28.

export type Stroke = readonly (readonly [x: number, y: number])[];

/** The pad's side, in the units of strokes, and how wide a stroke is. */
export const PAD = 280;
const WIDTH = 22;
/** The box's share of the image. */
const BOX = 20 / 28;

export function paint(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  [scale, x, y]: readonly [number, number, number] = [1, 0, 0],
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(scale, 0, 0, scale, x, y);
  context.lineWidth = WIDTH;
  context.lineCap = context.lineJoin = 'round';
  context.strokeStyle = '#fff';
  for (const [first, ...rest] of strokes) {
    if (!first) continue;
    context.beginPath();
    context.moveTo(...first);
    for (const point of [...rest, rest.at(-1) ?? first]) context.lineTo(...point);
    context.stroke();
  }
}

/** Bytes of an image with the drawing in it. */
export function imageOf(strokes: readonly Stroke[], rows: number, columns: number): Uint8Array {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis] as number)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)].map((low) => low - WIDTH / 2) as [number, number];
  const [right, bottom] = [Math.max(...xs), Math.max(...ys)].map((high) => high + WIDTH / 2) as [number, number];
  const scale = (BOX * Math.min(rows, columns)) / Math.max(right - left, bottom - top);
  const [x, y] = [columns / 2 - (scale * (left + right)) / 2, rows / 2 - (scale * (top + bottom)) / 2];
  const ink = () => context.getImageData(0, 0, columns, rows).data.filter((_, i) => i % 4 === 3);
  paint(context, strokes, [scale, x, y]);
  const [middleX, middleY] = centreOf(ink(), columns);
  paint(context, strokes, [scale, x + columns / 2 - middleX, y + rows / 2 - middleY]);
  return Uint8Array.from(ink());
}

/** Where it would balance. */
function centreOf(ink: Uint8ClampedArray, columns: number): [x: number, y: number] {
  let [mass, x, y] = [0, 0, 0];
  ink.forEach((weight, i) => {
    mass += weight;
    x += weight * ((i % columns) + 0.5);
    y += weight * (Math.floor(i / columns) + 0.5);
  });
  return [x / mass, y / mass];
}
