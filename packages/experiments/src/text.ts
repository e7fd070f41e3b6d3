// The languages of everything a reader sees.

/** A language of the page and of `--lang`. */
export type Lang = 'en' | 'ko' | 'ja';

/** One sentence or label in every language. */
export interface Text {
  readonly en: string;
  readonly ko: string;
  readonly ja: string;
}

export const langs: readonly Lang[] = ['en', 'ko', 'ja'];
