// The languages of the page, the command line and the figures.

/** A language of the page and of the option `--lang`. */
export type Lang = 'en' | 'ko' | 'ja';

/** One sentence or label in every language. */
export interface Text {
  /** English. */
  readonly en: string;
  /** Korean. */
  readonly ko: string;
  /** Japanese. */
  readonly ja: string;
}

/** All languages, English first. */
export const langs: readonly Lang[] = ['en', 'ko', 'ja'];

/** Creates a text from a function that returns it in one language. */
export function toText(textIn: (lang: Lang) => string): Text {
  return { en: textIn('en'), ko: textIn('ko'), ja: textIn('ja') };
}
