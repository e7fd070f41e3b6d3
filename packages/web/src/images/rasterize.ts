// Turns strokes into an image as MNIST does: scaled to a 20 × 20 box, center of mass in the middle of 28 × 28 pixels.

export type Stroke = readonly (readonly [x: number, y: number])[];

/** Side of the canvas and width of a stroke, in the units of stroke coordinates. */
export const CANVAS_SIZE = 280;
const STROKE_WIDTH = 22;
/** Side of the box as a share of the image. */
const BOX_SHARE = 20 / 28;

export function drawStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  [scale, x, y]: readonly [number, number, number] = [1, 0, 0],
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(scale, 0, 0, scale, x, y);
  context.lineWidth = STROKE_WIDTH;
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

/** Returns the pixels of a drawing: rows × columns bytes. */
export function rasterize(strokes: readonly Stroke[], rows: number, columns: number): Uint8Array {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis] as number)) as [number[], number[]];
  const [left, top] = [Math.min(...xs), Math.min(...ys)].map((low) => low - STROKE_WIDTH / 2) as [number, number];
  const [right, bottom] = [Math.max(...xs), Math.max(...ys)].map((high) => high + STROKE_WIDTH / 2) as [number, number];
  const scale = (BOX_SHARE * Math.min(rows, columns)) / Math.max(right - left, bottom - top);
  const [x, y] = [columns / 2 - (scale * (left + right)) / 2, rows / 2 - (scale * (top + bottom)) / 2];
  const ink = () => context.getImageData(0, 0, columns, rows).data.filter((_, i) => i % 4 === 3);
  drawStrokes(context, strokes, [scale, x, y]);
  const [middleX, middleY] = getCenterOfMass(ink(), columns);
  drawStrokes(context, strokes, [scale, x + columns / 2 - middleX, y + rows / 2 - middleY]);
  return Uint8Array.from(ink());
}

/** Returns the center of mass in pixels. */
function getCenterOfMass(ink: Uint8ClampedArray, columns: number): [x: number, y: number] {
  let [mass, x, y] = [0, 0, 0];
  ink.forEach((weight, i) => {
    mass += weight;
    x += weight * ((i % columns) + 0.5);
    y += weight * (Math.floor(i / columns) + 0.5);
  });
  return [x / mass, y / mass];
}
