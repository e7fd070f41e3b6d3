// The texts of the experiments: en.json, ko.json and ja.json have the same keys (TypeScript checks it).

import type { Text } from '../text.ts';
import en from './en.json';
import ja from './ja.json';
import ko from './ko.json';
import { type Catalogs, createMessages, type Values } from './messages.ts';

type Key = keyof typeof en;
type Stem<Ending extends string> = { [K in Key]: K extends `${infer S}.${Ending}` ? S : never }[Key];

const texts: Catalogs<Key> = { en, ko, ja };

/** The texts of this package. The page starts with a part of `en` and loads the rest when it is needed. */
export const catalogs: Catalogs<string> = texts;

/** Returns the text of a key, with `{name}` replaced by the value of that name. */
export const message = createMessages(texts);

/** Returns the label and the help of an option: the texts `<key>.label` and `<key>.help`. */
export function optionTexts(key: Stem<'label'> & Stem<'help'>, values?: Values): { label: Text; help: Text } {
  return { label: message(`${key}.label`, values), help: message(`${key}.help`, values) };
}

/** Returns the id of a claim, which is the last part of the key, and the texts `<key>.text` and `<key>.otherwise`. */
export function claimTexts(key: Stem<'text'> & Stem<'otherwise'>, values?: Values) {
  const id = key.slice(key.lastIndexOf('.') + 1);
  return { id, text: message(`${key}.text`, values), otherwise: message(`${key}.otherwise`, values) };
}
