// The texts of the page itself: en.json, ko.json and ja.json have the same keys (TypeScript checks it).
import { type Catalogs, createMessages } from '@descent/experiments';
import en from './en.json';
import ja from './ja.json';
import ko from './ko.json';

export type MessageKey = keyof typeof en;
export type Values = Parameters<typeof message>[1];

/** The texts of this package. The page starts with a part of `en` and loads the rest when it is needed. */
export const catalogs: Catalogs<MessageKey> = { en, ko, ja };

/** Returns the text of a key, with `{name}` replaced by the value of that name. */
export const message = createMessages(catalogs);
