// The language of the page: the one chosen before, else the first of the browser's languages that the page has.
import { catalogs as experimentTexts, type Lang, langs, type Text } from '@descent/experiments';
import { effect, signal } from '@preact/signals';
import { catalogs, type MessageKey, message, type Values } from '../i18n/index.ts';
import { getStored, setStored } from './stored.ts';

/** The name of each language in that language. */
export const languageNames: Readonly<Record<Lang, string>> = { en: 'English', ko: '한국어', ja: '日本語' };

export const lang = signal<Lang>('en');

/** Returns a text, or the text of a key, in the language of the page. */
export function t(text: Text | MessageKey, values?: Values): string {
  // What shows a missing text is drawn again when it is loaded.
  void loaded.value;
  return (typeof text === 'string' ? message(text, values) : text)[lang.value];
}

/** The languages whose texts are complete. */
const loaded = signal<ReadonlySet<Lang>>(new Set());

const downloads = new Map<Lang, Promise<void>>();

/** Loads the texts of a language, or the rest of the English ones. English is shown where they cannot be fetched. */
export async function fetchTexts(wanted: Lang): Promise<void> {
  if (loaded.value.has(wanted)) return;
  const download = downloads.get(wanted) ?? downloadTexts(wanted).finally(() => downloads.delete(wanted));
  downloads.set(wanted, download);
  await download;
}

async function downloadTexts(wanted: Lang): Promise<void> {
  const response = await fetch(new URL(`text/${wanted}.json`, document.baseURI)).catch(() => undefined);
  if (!response?.ok) return;
  const texts = await response.json();
  Object.assign(experimentTexts[wanted], texts.experiments);
  Object.assign(catalogs[wanted], texts.web);
  loaded.value = new Set([...loaded.value, wanted]);
}

/** Changes the language once its texts are loaded. */
export async function setLanguage(wanted: Lang): Promise<void> {
  if (wanted !== 'en') await fetchTexts(wanted);
  lang.value = wanted;
}

/** Loads all texts: a record and a report contain every language. */
export async function fetchAllTexts(): Promise<void> {
  await Promise.all(langs.map(fetchTexts));
}

export async function startLanguage(): Promise<void> {
  await setLanguage(preferredLanguage([getStored('lang') ?? '', ...navigator.languages]));
  effect(() => {
    document.documentElement.lang = lang.value;
    setStored('lang', lang.value);
  });
  // After the first view: lessons and help, then other languages for a reader who switches, and for visits without a network.
  setTimeout(() => fetchTexts('en'), 500);
  setTimeout(fetchAllTexts, 3_000);
}

function preferredLanguage(wanted: readonly string[]): Lang {
  const codes = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return (codes.find((code) => langs.includes(code as Lang)) as Lang | undefined) ?? 'en';
}
