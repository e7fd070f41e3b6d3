// The texts of the experiments: en.json, ko.json and ja.json have the same keys (TypeScript checks it).

import en from './en.json';
import ja from './ja.json';
import ko from './ko.json';
import { type Catalogs, createMessages } from './messages.ts';

const texts: Catalogs<keyof typeof en> = { en, ko, ja };

/** The texts of this package. A page replaces `ko` and `ja` by empty ones and fills them when they are needed. */
export const catalogs: Catalogs<string> = texts;

/** Returns the text of a key, with `{name}` replaced by the value of that name. */
export const message = createMessages(texts);
