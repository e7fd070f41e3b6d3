// The languages of everything a reader sees.

/** A language of the page and of `--lang`. */
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

/** Every language, English first. */
export const langs: readonly Lang[] = ['en', 'ko', 'ja'];
