// Saves a figure as SVG, as PNG at twice the size, and its numbers as CSV and JSON.
import { type Figure, type Lang, nameAt, toVertical } from '@descent/experiments';
import { renderSvg, type Theme } from '@descent/experiments/svg';

export type Format = 'svg' | 'png' | 'csv' | 'json';

export async function toFile(figure: Figure, format: Format, look: { lang: Lang; theme: Theme }): Promise<Blob> {
  switch (format) {
    case 'svg':
      return new Blob([renderSvg(figure, look)], { type: 'image/svg+xml' });
    case 'png':
      return toPng(renderSvg(figure, look));
    case 'csv':
      return new Blob([toCsv(figure)], { type: 'text/csv' });
    case 'json':
      return new Blob([`${JSON.stringify(figure, spellNumbers, 2)}\n`], { type: 'application/json' });
  }
}

/** Downloads a file. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download starts asynchronously.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Returns one row per point: panel, curve, role, x or its name, y. */
function toCsv(figure: Figure): string {
  const rows = figure.panels
    .map(toVertical)
    .flatMap((panel, index) =>
      panel.curves.flatMap(({ name, of = name, role, x, y }) =>
        x.map((at, i) => [
          panel.title?.en ?? String(index + 1),
          of,
          role,
          nameAt(panel.x, at, 'en') ?? String(at),
          String(y[i]),
        ]),
      ),
    );
  return [['panel', 'curve', 'role', 'x', 'y'], ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Writes NaN and infinities as strings, as in run.json. */
function spellNumbers(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

async function toPng(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 2 * image.width;
    canvas.height = 2 * image.height;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not create the PNG.'))));
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
