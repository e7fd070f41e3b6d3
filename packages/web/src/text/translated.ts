// Texts whose Korean and Japanese scripts/translations.js has taken out of the bundles.
import type { Lang, Text } from '@descent/experiments';

type Translation = Exclude<Lang, 'en'>;

const catalogs: Partial<Record<Translation, readonly string[]>> = {};

/**
 * A text by its English and its place in the catalogs; English where a catalog has not come.
 * @public what scripts/translations.js writes calls it
 */
export function translated(en: string, place: number): Text {
  return {
    en,
    get ko() {
      return catalogs.ko?.[place] ?? en;
    },
    get ja() {
      return catalogs.ja?.[place] ?? en;
    },
  };
}

/** Has a language at hand; where it cannot be fetched, English stands in for it. */
export async function fetchTexts(lang: Lang): Promise<void> {
  if (lang === 'en' || catalogs[lang]) return;
  const response = await fetch(new URL(`text/${lang}.json`, document.baseURI)).catch(() => undefined);
  if (response?.ok) catalogs[lang] = await response.json();
}
