// Width of text in a terminal, where Korean and Japanese letters take two columns.
import measure from 'fast-string-truncated-width';

/** Returns the number of terminal columns of a text: two per Korean or Japanese letter, none per color sequence. */
export function displayWidth(text: string): number {
  return measure(text.normalize()).width;
}

/** Adds spaces before a text, up to `width` columns. A wider text stays as it is. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Adds spaces after a text, up to `width` columns. A wider text stays as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Centers a text in `width` columns. */
export function padCenter(text: string, width: number): string {
  const left = Math.max(0, Math.floor((width - displayWidth(text)) / 2));
  return padEnd(' '.repeat(left) + text, width);
}

/**
 * Cuts a text to `width` columns, with … at the end. Color sequences behind the cut are kept. The library's own truncation is off by one
 * after letters such as σ.
 */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let [clipped, isCut] = ['', false];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: color sequences begin with a control character
  for (const part of text.normalize().match(/\u001b\[\d*m|./gsu) ?? []) {
    if (part.length > 1 && part.startsWith('\u001b')) clipped += part;
    else if (!isCut) {
      isCut = displayWidth(clipped + part) >= width;
      clipped += isCut ? '…' : part;
    }
  }
  return clipped;
}
