// SVG as text: elements, attributes and what has to be escaped in them. The same text in Node and in a page, without a document.

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Hundredths of a pixel are enough. */
export function round(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/** One element. Children are markup already: what a person wrote goes through `escaped`. Attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escaped(value as string)}"`);
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

/** How many Latin letters are about as wide. */
export function textWidth(content: string): number {
  return content.replace(/[^ -~]/g, 'nn').length;
}

/** One line of text. */
export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escaped(content));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (character) => entities[character] as string);
}
