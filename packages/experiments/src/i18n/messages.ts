// Texts by key in all languages.
import type { Lang, Text } from '../text.ts';

/** The texts of a package by language. Each language must have every key. */
export type Catalogs<K extends string> = Readonly<Record<Lang, Readonly<Record<K, string>>>>;

/** Values for the `{name}` in a text. A `Text` is used in the language of the text. */
export type Values = Readonly<Record<string, string | number | Text>>;

/**
 * Returns a function from a key to its text. Texts are read when they are shown, so that a language can be loaded later. Missing texts
 * are English, or empty until the page has loaded them.
 */
export function createMessages<K extends string>(catalogs: Catalogs<K>): (key: K, values?: Values) => Text {
  return (key, values) => {
    const read = (lang: Lang) => {
      const text = catalogs[lang][key] ?? catalogs.en[key] ?? '';
      return values ? fill(text, values, lang) : text;
    };
    return {
      get en() {
        return read('en');
      },
      get ko() {
        return read('ko');
      },
      get ja() {
        return read('ja');
      },
    };
  };
}

function fill(text: string, values: Values, lang: Lang): string {
  return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name: string | undefined) => {
    if (name === undefined) return found.charAt(0);
    const value = values[name];
    return typeof value === 'object' ? value[lang] : String(value);
  });
}
