// Columns of a terminal that a text takes: Korean and Japanese letters take two.

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** Columns of a terminal that a text without colours takes. */
export function displayWidth(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

/** Blanks, then the text: `width` columns, or more where the text takes more. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** The text, then blanks: `width` columns, or more where the text takes more. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padCentre(text: string, width: number): string {
  const left = Math.max(0, Math.floor((width - displayWidth(text)) / 2));
  return padEnd(' '.repeat(left) + text, width);
}

/** The beginning of a text that takes no more than so many columns, marked where it is cut. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let clipped = '';
  for (const letter of text) {
    if (displayWidth(clipped + letter) > width - 1) break;
    clipped += letter;
  }
  return `${clipped}…`;
}
