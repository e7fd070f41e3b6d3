// Texts by key, in every language.
import type { Lang, Text } from '../text.ts';

/** The texts of a package by language. Each language must have every key. */
export type Catalogs<K extends string> = Readonly<Record<Lang, Readonly<Record<K, string>>>>;

/** What replaces `{name}` in a text; a `Text` does so in its own language. */
export type Values = Readonly<Record<string, string | number | Text>>;

/**
 * Returns a function from a key to its text. The text is read when it is shown, so that a language may be loaded later; English
 * stands in for a text that is missing.
 */
export function createMessages<K extends string>(catalogs: Catalogs<K>): (key: K, values?: Values) => Text {
  return (key, values) => {
    const read = (lang: Lang) => {
      const text = catalogs[lang][key] ?? catalogs.en[key];
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
