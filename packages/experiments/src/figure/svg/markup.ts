// SVG and HTML as text, without a DOM: the same in Node and in the page.

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Rounds to hundredths of a pixel. */
export function round(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/** Returns an element. Children are markup: pass text through `escaped`. Attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escaped(value as string)}"`);
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** Returns the approximate width of a text, in Latin letters. */
export function textWidth(content: string): number {
  return content.replace(/[^ -~]/g, 'nn').length;
}

/** Returns an SVG element with one line of text. */
export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escaped(content));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Returns a text with the special characters of markup escaped. */
export function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (character) => entities[character] as string);
}
