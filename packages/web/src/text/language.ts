// The language of the page: the one chosen before, else the first of the browser's that we speak.
import { type Lang, langs, type Text } from '@descent/experiments';
import { effect, signal } from '@preact/signals';
import { recall, remember } from '../memory.ts';
import { fetchTexts } from './translated.ts';

/** Each in its own words. */
export const languageNames: Readonly<Record<Lang, string>> = { en: 'English', ko: '한국어', ja: '日本語' };

export const lang = signal<Lang>('en');

/** A text in the language of the page. */
export const say = (text: Text): string => text[lang.value];

/** Speaks another language as soon as its texts are there. */
export async function speak(wanted: Lang): Promise<void> {
  await fetchTexts(wanted);
  lang.value = wanted;
}

/** All texts: a record and a report are written in every language. */
export async function fetchAllTexts(): Promise<void> {
  await Promise.all(langs.map(fetchTexts));
}

export async function startLanguage(): Promise<void> {
  await speak(firstSpoken([recall('lang') ?? '', ...navigator.languages]));
  effect(() => {
    document.documentElement.lang = lang.value;
    remember('lang', lang.value);
  });
  // The others are for the reader who switches, and for visits without a network.
  setTimeout(fetchAllTexts, 3_000);
}

function firstSpoken(wanted: readonly string[]): Lang {
  const spoken = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return (spoken.find((tag) => langs.includes(tag as Lang)) as Lang | undefined) ?? 'en';
}
