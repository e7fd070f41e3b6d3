// The language of the page: the one chosen before, else the first of the browser's that we speak.
import { type Lang, langs, type Text } from '@descent/experiments';
import { effect, signal } from '@preact/signals';
import { recall, remember } from './memory.ts';

/** Each in its own words. */
export const languageNames: Readonly<Record<Lang, string>> = { en: 'English', ko: '한국어', ja: '日本語' };

export const lang = signal<Lang>(firstSpoken([recall('lang') ?? '', ...navigator.languages]));

/** A text in the language of the page. */
export const say = (text: Text): string => text[lang.value];

export function startLanguage(): void {
  effect(() => {
    document.documentElement.lang = lang.value;
    remember('lang', lang.value);
  });
}

function firstSpoken(wanted: readonly string[]): Lang {
  const spoken = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  return (spoken.find((tag) => langs.includes(tag as Lang)) as Lang | undefined) ?? 'en';
}
