// Columns of a terminal that a text takes.
import measure from 'fast-string-truncated-width';

/** Returns the columns of a terminal that a text takes: two per Korean or Japanese letter, none per color sequence. */
export function displayWidth(text: string): number {
  return measure(text.normalize()).width;
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

/** The beginning of a text that takes no more than so many columns, marked where it is cut; colors are kept and closed. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let [clipped, isCut] = ['', false];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a color sequence begins with one
  for (const part of text.normalize().match(/\u001b\[\d*m|./gsu) ?? []) {
    if (part.length > 1 && part.startsWith('\u001b')) clipped += part;
    else if (!isCut) {
      isCut = displayWidth(clipped + part) >= width;
      clipped += isCut ? '…' : part;
    }
  }
  return clipped;
}
