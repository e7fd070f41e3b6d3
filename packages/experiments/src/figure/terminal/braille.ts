// A canvas of braille characters with two by four dots each, which are square on most terminals.

/** Bit of each dot, by row and column. Unicode numbers the dots 1 2 3 7 in the left column, 4 5 6 8 in the right. */
const BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** A character of the canvas, with the color index of the last dot; undefined if it is empty. */
export interface Cell {
  readonly character: string;
  readonly color: number | undefined;
}

/** Positions count dots from the left and from the top. */
export class BrailleCanvas {
  readonly #bits: Uint8Array;
  readonly #colors: (number | undefined)[];
  readonly #characters = new Map<number, string>();

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.#bits = new Uint8Array(columns * rows);
    this.#colors = new Array(columns * rows).fill(undefined);
  }

  get width(): number {
    return 2 * this.columns;
  }

  get height(): number {
    return 4 * this.rows;
  }

  dot(x: number, y: number, color: number): void {
    const cell = this.#cellAt(x, y);
    if (cell === undefined) return;
    // A cell has one color, so it shows the dots of the last curve only.
    if (this.#colors[cell] !== color) this.#bits[cell] = 0;
    (this.#bits[cell] as number) |= BITS[y % 4]?.[x % 2] as number;
    this.#colors[cell] = color;
  }

  /** Draws a straight line between two dots. Parts outside the canvas are skipped. */
  line(x0: number, y0: number, x1: number, y1: number, color: number): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    for (let i = 0; i <= steps; i++) {
      this.dot(Math.round(x0 + ((x1 - x0) * i) / steps), Math.round(y0 + ((y1 - y0) * i) / steps), color);
    }
  }

  /** Replaces the cell of a dot by a character. */
  mark(x: number, y: number, character: string, color: number | undefined): void {
    const cell = this.#cellAt(x, y);
    if (cell === undefined) return;
    this.#characters.set(cell, character);
    this.#colors[cell] = color;
  }

  /** Returns the cells of a row, from the left. */
  row(row: number): Cell[] {
    return Array.from({ length: this.columns }, (_, column) => {
      const cell = row * this.columns + column;
      const bits = this.#bits[cell] as number;
      const character = this.#characters.get(cell) ?? (bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits));
      return { character, color: this.#colors[cell] };
    });
  }

  #cellAt(x: number, y: number): number | undefined {
    if (!(x >= 0 && x < this.width && y >= 0 && y < this.height)) return undefined;
    return Math.floor(y / 4) * this.columns + Math.floor(x / 2);
  }
}
